import { expect, test } from 'vitest';
import { leftBy } from './left.ts';
import type { Report } from './report.ts';

function reportOf(files: Record<string, readonly string[]>): Report {
  return {
    success: false,
    testResults: Object.entries(files).map(([name, statuses]) => ({
      name,
      status: 'failed',
      message: '',
      assertionResults: statuses.map((status) => ({ fullName: status, status })),
    })),
  };
}

const FILES = [{ file: 'a.test.ts' }, { file: 'b.test.ts' }];

test('a worker that ended leaves the file it was at, and those it never opened', () => {
  expect(leftBy(reportOf({ 'a.test.ts': ['passed', 'pending'] }), FILES)).toEqual(['a.test.ts', 'b.test.ts']);
});

test('a test that failed or was skipped leaves nothing', () => {
  expect(leftBy(reportOf({ 'a.test.ts': ['passed', 'failed'], 'b.test.ts': ['skipped', 'todo'] }), FILES)).toEqual([]);
});

test('a worker that ended while it read a file leaves that file', () => {
  expect(leftBy(reportOf({ 'a.test.ts': [], 'b.test.ts': ['passed'] }), FILES)).toEqual(['a.test.ts']);
});

test('a file that could not be loaded had its turn', () => {
  const { testResults } = reportOf({ 'a.test.ts': ['passed'], 'b.test.ts': [] });
  const said = testResults.map((file) => ({ ...file, message: 'Cannot find module' }));
  expect(leftBy({ success: false, testResults: said }, FILES)).toEqual([]);
});

test('a file in which a test failed is not run again', () => {
  expect(leftBy(reportOf({ 'a.test.ts': ['failed', 'pending'], 'b.test.ts': ['passed'] }), FILES)).toEqual([]);
});
