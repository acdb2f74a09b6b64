import { expect, test } from 'vitest';
import { type Report, tally } from './tally.ts';

const report: Report = {
  numPassedTests: 2,
  numFailedTests: 1,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [
    {
      name: 'a.test.ts',
      status: 'failed',
      assertionResults: [
        { fullName: 'one', status: 'passed' },
        { fullName: 'two', status: 'passed' },
        { fullName: 'three', status: 'failed' },
        { fullName: 'four', status: 'skipped' },
        { fullName: 'five', status: 'todo' },
      ],
    },
  ],
};

test('tests that were not run are counted and named', () => {
  expect(tally(report)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 2,
    notRun: ['a.test.ts: four', 'a.test.ts: five'],
  });
});

test('a file that could not be loaded is a failure', () => {
  const broken = { name: 'b.test.ts', status: 'failed', assertionResults: [] };
  expect(tally({ ...report, testResults: [...report.testResults, broken] }).failed).toBe(2);
});
