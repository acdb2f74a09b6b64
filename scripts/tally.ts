import { type FileReport, type Report, readReport, readTestFiles, type TestFiles } from './report.ts';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What was not run, a short line for each file: it is read at the end of a long log. */
  readonly notRun: readonly string[];
}

const LONGEST_NAME = 100;

/**
 * Counts tests over the runs of one check; of a file that was run again the last run counts. A file that failed before it could name its tests is one
 * failed test, and so is one that was never opened, and a last run that failed although its tests passed.
 */
export function tally(runs: readonly Report[], files: TestFiles): Tally {
  const last = new Map(runs.flatMap(({ testResults }) => testResults).map((report) => [report.name, report]));
  const reports = [...last.values()];
  const neverOpened = files.map(({ file }) => file).filter((file) => !last.has(file));
  const failed = count(reports, isFailed) + reports.filter(isUnread).length + neverOpened.length;
  const skipped = count(reports, isNotRun);
  const blameless = failed === 0 && skipped === 0;
  return {
    passed: count(reports, isPassed),
    failed: blameless && !(runs.at(-1)?.success ?? false) ? 1 : failed,
    skipped,
    notRun: [...neverOpened.map((file) => `never opened: ${file}`), ...reports.flatMap(lineOf)],
  };
}

type Result = FileReport['assertionResults'][number];

const isPassed = ({ status }: Result): boolean => status === 'passed';
const isFailed = ({ status }: Result): boolean => status === 'failed';
const isNotRun = (result: Result): boolean => !isPassed(result) && !isFailed(result);

function isUnread({ status, assertionResults }: FileReport): boolean {
  return status === 'failed' && assertionResults.length === 0;
}

function count(reports: readonly FileReport[], is: (result: Result) => boolean): number {
  return reports.reduce((sum, { assertionResults }) => sum + assertionResults.filter(is).length, 0);
}

function lineOf({ name, assertionResults }: FileReport): string[] {
  const [first, ...others] = assertionResults.filter(isNotRun);
  if (first === undefined) return [];
  return [`not run: ${others.length + 1} in ${name}, the first: ${first.fullName.slice(0, LONGEST_NAME)}`];
}

if (import.meta.main) {
  const [files = '', ...reports] = process.argv.slice(2);
  const { passed, failed, skipped, notRun } = tally(reports.map(readReport), readTestFiles(files));
  for (const line of notRun) console.log(line);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (passed === 0 || failed > 0 || skipped > 0) process.exitCode = 1;
}
