import { readFileSync } from 'node:fs';

/** What vitest's JSON reporter writes, as far as it is read here. */
export interface Report {
  /** Whether no test and no file failed. An error that nobody caught fails the run all the same: its exit code tells. */
  readonly success: boolean;
  readonly testResults: readonly FileReport[];
}

export interface FileReport {
  readonly name: string;
  readonly status: string;
  /** Why the file failed, where no test of it did. */
  readonly message: string;
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
