import { readFileSync } from 'node:fs';

/** What vitest's JSON reporter writes, as far as it is read here. */
export interface Report {
  /** False also for what no test failed by: a worker that ended in the midst of one, an error nobody caught. */
  readonly success: boolean;
  readonly testResults: readonly FileReport[];
}

export interface FileReport {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    /** `passed`, `failed`, `skipped`, `todo`, or `pending`: its turn never came. */
    readonly status: string;
  }[];
}

/** What `vitest list --filesOnly --json` writes. */
export type TestFiles = readonly { readonly file: string }[];

export function readReport(path: string): Report {
  return JSON.parse(readFileSync(path, 'utf8'));
}

export function readTestFiles(path: string): TestFiles {
  return JSON.parse(readFileSync(path, 'utf8'));
}
