import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { seededRandom } from '../values/seeded-random.ts';
import { retryAfterMs } from './retry-after.ts';
import { nextTry, WAITS_MS } from './retry-schedule.ts';

const DAY_MS = 86_400_000;
const random = seededRandom(3);

test('ten tries in three days and a bit, and no more', () => {
  const table = ['5 s', '5 min', '30 min', '2 h', '5 h', '10 h', '14 h', '20 h', '24 h'];
  expect(
    WAITS_MS.map((ms) =>
      ms < 60_000 ? `${ms / 1000} s` : ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`,
    ),
  ).toEqual(table);
  expect(nextTry(9, 0, null, random)).not.toBeNull();
  expect(nextTry(10, 0, null, random)).toBeNull();
  expect(nextTry(10, 0, DAY_MS, random)).toBeNull();
});

test('a wait is within a tenth of the table, on both sides of it', () => {
  const spread = fc.integer({ min: 0, max: 0xffff_ffff });
  for (const [i, wait] of WAITS_MS.entries()) {
    const seen = fc.sample(spread, 200).map((seed) => (nextTry(i + 1, 1_000, null, seededRandom(seed)) ?? 0) - 1_000);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(wait * 0.9);
    expect(Math.max(...seen)).toBeLessThanOrEqual(wait * 1.1);
    expect(Math.min(...seen)).toBeLessThan(wait * 0.93);
    expect(Math.max(...seen)).toBeGreaterThan(wait * 1.07);
  }
});

test('Retry-After postpones, and never hurries', () => {
  expect(nextTry(1, 0, 60_000, random)).toBe(60_000);
  expect(nextTry(3, 0, 60_000, random)).toBeGreaterThan(26 * 60_000);
});

const NOW = Date.UTC(1994, 10, 6, 8, 48, 37);

it.each([
  ['120', 120_000],
  ['0', 0],
  [' 7 ', 7_000],
  ['999999999999', DAY_MS],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 60_000],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 60_000],
  ['Sun Nov  6 08:49:37 1994', 60_000],
  ['Sun, 06 Nov 1994 08:47:37 GMT', 0],
  ['Sun, 06 Nov 2094 08:49:37 GMT', DAY_MS],
])('%j is %i ms', (text, ms) => {
  expect(retryAfterMs(text, NOW)).toBe(ms);
});

it.each([
  null,
  '',
  '-1',
  '1.5',
  '1e3',
  'soon',
  '0x10',
  'Sun, 99 Nov 1994 08:49:37 GMT',
  `Sun, ${'9'.repeat(1000)} GMT`,
  '2094-11-06',
])('%j asks for nothing', (text) => {
  expect(retryAfterMs(text, NOW)).toBeNull();
});
