import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, writeDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['24h', 86_400_000],
    ['1d', 86_400_000],
    ['1d2h3m4s', 93_784_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toEqual({ value: ms });
  });

  it.each(['', '5', '5x', 'm', '-5m', '1.5h', '30m1h', '5m5m', ' 5m', '5 m', '٥m', '1e3s', '5M'])(
    'refuses %j and says how to write it',
    (text) => {
      expect(parseDuration(text)).toEqual({ fault: expect.stringContaining('as in 90s, 5m or 1h30m') });
    },
  );
});

describe('writeDuration', () => {
  it('writes whole units, largest first', () => {
    expect([0, 1_000, 90_000, 5_400_000, 86_400_000].map(writeDuration)).toEqual(['0s', '1s', '1m30s', '1h30m', '1d']);
  });

  it('writes what parseDuration reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000_000 }), (seconds) => {
        expect(parseDuration(writeDuration(seconds * 1_000))).toEqual({ value: seconds * 1_000 });
      }),
    );
  });
});
