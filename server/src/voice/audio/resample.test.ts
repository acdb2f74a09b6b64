import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resample, toTelephoneRate } from './resample.ts';

const AMPLITUDE = 0.9;

function sine(rate: number, frequency: number, seconds = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, i) => AMPLITUDE * Math.sin((2 * Math.PI * frequency * i) / rate),
  );
}

/** The steady part: the ends have the filter's own sound. */
function middle(samples: Float32Array): Float32Array {
  return samples.subarray(samples.length >> 2, samples.length - (samples.length >> 2));
}

function decibels(value: number): number {
  return 20 * Math.log10(value / AMPLITUDE);
}

const RATES = [11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 44_101, 48_000, 96_000, 192_000];

test.for(RATES)('%i Hz: no tone above 4 kHz comes back below it', (rate) => {
  let worst = Number.NEGATIVE_INFINITY;
  const top = rate / 2;
  for (let frequency = 4000; frequency < top; frequency += Math.max(97, top / 60)) {
    const out = middle(resample(sine(rate, frequency, 0.1), rate));
    worst = Math.max(worst, decibels(out.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0)));
  }
  expect(worst).toBeLessThan(-100);
});

test.for([4000, 6000, 8000, ...RATES])(
  '%i Hz: what a telephone passes comes out as it went in, and in time',
  (rate) => {
    for (const frequency of [50, 300, 1004, 2500, 3390]) {
      if (frequency > 0.85 * (rate / 2)) continue;
      const out = resample(sine(rate, frequency, 0.1), rate);
      const expected = sine(8000, frequency, 0.1);
      expect(Math.abs(out.length - expected.length)).toBeLessThanOrEqual(1);
      const error = middle(out.subarray(0, 800)).map((value, i) => value - (middle(expected)[i] ?? 0));
      expect(decibels(error.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0))).toBeLessThan(-80);
    }
  },
);

test('at 8 kHz nothing is changed', () => {
  const samples = Int16Array.from({ length: 500 }, (_, i) => ((i * 7919) % 65_536) - 32_768);
  expect(toTelephoneRate(samples, 8000)).toBe(samples);
});

test('16-bit samples keep their scale, and clip where the filter would go past it', () => {
  const loud = Int16Array.from({ length: 16_000 }, (_, i) => ((i >> 5) % 2 === 0 ? 32_767 : -32_768));
  const out = toTelephoneRate(loud, 16_000);
  expect(out).toHaveLength(8000);
  expect(Math.max(...out)).toBe(32_767);
  expect(Math.min(...out)).toBe(-32_768);
});

test('any rate gives as many samples as the time takes, all of them numbers', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 4000, max: 192_000, noNaN: true }),
      fc.integer({ min: 0, max: 3000 }),
      (rate, length) => {
        const out = resample(new Float32Array(length).fill(0.5), rate);
        expect(Math.abs(out.length - (length * 8000) / rate)).toBeLessThanOrEqual(2);
        expect(out.every((value) => Math.abs(value) < 1)).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});

test.for([0, -8000, 3999, 192_001, Number.NaN, Number.POSITIVE_INFINITY])('refuses a rate of %d', (rate) => {
  expect(() => resample(new Float32Array(10), rate)).toThrow(RangeError);
});
