import { readFileSync } from 'node:fs';

/** What vitest's JSON reporter writes, as far as it is counted here. */
export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One line for each test that was not run. */
  readonly notRun: readonly string[];
}

/** Counts tests; a file that failed before it could name its tests counts as one failed test. */
export function tally(report: Report): Tally {
  const unread = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unread.length,
    skipped: report.numPendingTests + report.numTodoTests,
    notRun: report.testResults.flatMap((file) =>
      file.assertionResults
        .filter(({ status }) => status !== 'passed' && status !== 'failed')
        .map(({ fullName }) => `${file.name}: ${fullName}`),
    ),
  };
}

if (import.meta.main) {
  const path = process.argv[2] ?? '';
  const { passed, failed, skipped, notRun } = tally(JSON.parse(readFileSync(path, 'utf8')) as Report);
  for (const line of notRun) console.log(`not run: ${line}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (passed === 0 || failed > 0 || skipped > 0) process.exitCode = 1;
}
