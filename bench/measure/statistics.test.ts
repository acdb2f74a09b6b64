import { describe, expect, it } from 'vitest';
import { median, percentile } from './statistics.ts';

describe('median', () => {
  it('is the middle value, whatever the order', () => expect(median([30, 10, 20])).toBe(20));
  it('is the mean of the two middle values of an even number', () => expect(median([4, 1, 2, 10])).toBe(3));
  it('is no number for no values', () => expect(median([])).toBeNaN());
});

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  it('is the value that the share does not exceed', () => expect(percentile(hundred, 0.99)).toBe(99));
  it('never leaves the values', () => expect([percentile(hundred, 0), percentile(hundred, 1)]).toEqual([1, 100]));
});
