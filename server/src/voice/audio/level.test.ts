import { expect, test } from 'vitest';
import { level } from './level.ts';

test('a sine at full scale is 3 dB below it, and peaks at 0 dB', () => {
  const sine = Int16Array.from({ length: 8000 }, (_, i) =>
    Math.round(32_767 * Math.sin((2 * Math.PI * 1000 * i) / 8000)),
  );
  expect(level(sine).rms).toBeCloseTo(-3.01, 2);
  expect(level(sine).peak).toBeCloseTo(0, 2);
});

test('half the amplitude is 6 dB less', () => {
  expect(level(Int16Array.of(-16_384, 16_384))).toEqual({ rms: 20 * Math.log10(0.5), peak: 20 * Math.log10(0.5) });
});

test('silence, and nothing at all, have no level', () => {
  expect(level(new Int16Array(160)).rms).toBe(Number.NEGATIVE_INFINITY);
  expect(level(new Int16Array()).peak).toBe(Number.NEGATIVE_INFINITY);
});
