import { type FileReport, type Report, readReport, readTestFiles, type TestFiles } from './report.ts';

/**
 * The files that a run left: some of their tests never had their turn. A test that fails leaves the next its turn; a worker that Node itself ends in
 * their midst does not, nor in the midst of reading them: such a file has failed without a word. One with a failure of its own is not left: run once
 * more, it might hide that.
 */
export function leftBy({ testResults }: Report, files: TestFiles): string[] {
  const reports = new Map(testResults.map((report) => [report.name, report]));
  return files.map(({ file }) => file).filter((file) => !isThrough(reports.get(file)));
}

function isThrough(report: FileReport | undefined): boolean {
  if (report === undefined) return false;
  const { status, message, assertionResults } = report;
  if (assertionResults.length === 0) return status !== 'failed' || message !== '';
  const statuses = assertionResults.map((test) => test.status);
  return statuses.includes('failed') || !statuses.includes('pending');
}

if (import.meta.main) {
  const [files = '', report = ''] = process.argv.slice(2);
  for (const file of leftBy(readReport(report), readTestFiles(files))) console.log(file);
}
