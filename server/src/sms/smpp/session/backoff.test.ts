import { expect, test } from 'vitest';
import { type Random, systemRandom } from '../../../values/random.ts';
import { reconnectDelay } from './backoff.ts';

const lowest = { bytes: () => new Uint8Array(), below: () => 0 };
const highest = { bytes: () => new Uint8Array(), below: (limit: number) => limit - 1 };

test('it starts between half a second and one, doubles, and stops at thirty', () => {
  const delays = (random: Random) => [0, 1, 2, 3, 4, 5, 6, 1_000].map((n) => reconnectDelay(n, random));
  expect(delays(lowest)).toEqual(new Array(8).fill(500));
  expect(delays(highest)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('nodes that lost their SMSC together do not come back together', () => {
  const random = systemRandom();
  const delays = Array.from({ length: 200 }, () => reconnectDelay(5, random));
  expect(new Set(delays).size).toBeGreaterThan(150);
});
