import { expect, test } from 'vitest';
import type { FileReport, Report } from './report.ts';
import { tally } from './tally.ts';

const FILES = [{ file: 'a.test.ts' }, { file: 'b.test.ts' }];

function file(name: string, ...statuses: readonly string[]): FileReport {
  return {
    name,
    status: statuses.every((status) => status === 'passed') ? 'passed' : 'failed',
    message: '',
    assertionResults: statuses.map((status, index) => ({ fullName: `test ${index + 1}`, status })),
  };
}

function run(...testResults: readonly FileReport[]): Report {
  return { success: testResults.every(({ status }) => status === 'passed'), testResults };
}

const a = file('a.test.ts', 'passed', 'passed');
const b = file('b.test.ts', 'passed');

test('tests that passed are counted', () => {
  expect(tally([run(a, b)], FILES)).toEqual({ passed: 3, failed: 0, skipped: 0, notRun: [] });
});

test('tests that were not run are counted, and their file and the first of them named', () => {
  const mixed = file('b.test.ts', 'failed', 'skipped', 'todo', 'pending');
  expect(tally([run(a, mixed)], FILES)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 3,
    notRun: ['not run: 3 in b.test.ts, the first: test 2'],
  });
});

test('a name of any length makes a short line', () => {
  const long = { ...b, assertionResults: [{ fullName: 'x'.repeat(5_000), status: 'skipped' }] };
  expect(tally([run(a, long)], FILES).notRun[0]?.length).toBeLessThan(200);
});

test('a file that could not be loaded is a failure', () => {
  expect(tally([run(a, { ...b, status: 'failed', assertionResults: [] })], FILES).failed).toBe(1);
});

test('a file that was never opened is a failure', () => {
  expect(tally([run(a)], FILES)).toMatchObject({ failed: 1, notRun: ['never opened: b.test.ts'] });
});

test('a run that failed although its tests passed is a failure', () => {
  expect(tally([{ ...run(a, b), success: false }], FILES).failed).toBe(1);
});

test('of a file that was run again the last run counts', () => {
  const left = run(a, file('b.test.ts', 'passed', 'pending'));
  expect(tally([left, run(b)], FILES)).toEqual({ passed: 3, failed: 0, skipped: 0, notRun: [] });
  expect(tally([left, run(file('b.test.ts', 'failed', 'passed'))], FILES).failed).toBe(1);
});

test('a failure of the first run stands', () => {
  expect(tally([run(file('a.test.ts', 'failed')), run(b)], FILES).failed).toBe(1);
});

test('a second run that failed although its tests passed is a failure', () => {
  expect(tally([run(a), { ...run(b), success: false }], FILES).failed).toBe(1);
});
