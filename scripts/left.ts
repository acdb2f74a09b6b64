import { type FileReport, type Report, readReport, readTestFiles, type TestFiles } from './report.ts';

/**
 * The files that a run left: some of their tests never had their turn. A test that fails leaves the next its turn; a worker that Node itself ends in
 * their midst does not.
 */
export function leftBy({ testResults }: Report, files: TestFiles): string[] {
  const reports = new Map(testResults.map((report) => [report.name, report]));
  return files.map(({ file }) => file).filter((file) => !isThrough(reports.get(file)));
}

function isThrough(report: FileReport | undefined): boolean {
  return report?.assertionResults.every(({ status }) => status !== 'pending') ?? false;
}

if (import.meta.main) {
  const [files = '', report = ''] = process.argv.slice(2);
  for (const file of leftBy(readReport(report), readTestFiles(files))) console.log(file);
}
