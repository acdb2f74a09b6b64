import { expect, it } from 'vitest';
import { chiSquareTail } from './chi-square.ts';

// NIST/SEMATECH e-Handbook of Statistical Methods §1.3.6.7.4, upper-tail critical values.
it.each([
  [1, 0.05, 3.841],
  [1, 0.001, 10.828],
  [2, 0.01, 9.21],
  [9, 0.9, 4.168],
  [9, 0.05, 16.919],
  [9, 0.001, 27.877],
  [30, 0.95, 18.493],
  [30, 0.001, 59.703],
  [68, 0.05, 88.25],
])('of %s degrees leaves %s above what the table says', (degrees, tail, value) => {
  // The table has three decimals.
  expect(chiSquareTail(value - 0.0006, degrees)).toBeGreaterThan(tail);
  expect(chiSquareTail(value + 0.0006, degrees)).toBeLessThan(tail);
});

it('is exact where it has a closed form: e^(-x/2) at two degrees, far out too', () => {
  for (const x of [0.001, 1, 3.999, 4.001, 50, 500]) {
    expect(chiSquareTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 11);
  }
  expect(chiSquareTail(0, 5)).toBe(1);
});

it('falls as the value grows, and meets itself where the method changes', () => {
  for (const degrees of [1, 2, 3, 9, 30, 61, 68, 500]) {
    let last = 1;
    for (let value = 0.5; value < 3 * degrees + 40; value += 0.5) {
      const tail = chiSquareTail(value, degrees);
      expect(tail).toBeLessThanOrEqual(last);
      expect(tail).toBeGreaterThan(0);
      last = tail;
    }
    const border = degrees + 2;
    const [left, right] = [chiSquareTail(border - 1e-9, degrees), chiSquareTail(border + 1e-9, degrees)];
    expect(left - right).toBeLessThan(1e-8);
  }
});
