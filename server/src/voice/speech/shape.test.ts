import fc from 'fast-check';
import { expect, test } from 'vitest';
import { level } from '../audio/level.ts';
import { amplify, gainOfVolume, gainToTarget, isSilent, trimSilence } from './shape.ts';

function tone(length: number, amplitude: number): Int16Array {
  return Int16Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * 440 * i) / 8000));
}

test('silence is trimmed, and what is heard stays', () => {
  const samples = new Int16Array(8000);
  samples.set(tone(2000, 8000), 3000);
  const trimmed = trimSilence(samples);
  expect(trimmed.length).toBeGreaterThan(2000);
  expect(trimmed.length).toBeLessThan(2000 + 5 * 80);
  expect(trimmed.reduce((sum, x) => sum + x * x, 0)).toBe(samples.reduce((sum, x) => sum + x * x, 0));
  expect(trimSilence(new Int16Array(100))).toHaveLength(0);
});

test('nothing, and next to nothing, is silent', () => {
  expect(isSilent(new Int16Array(0))).toBe(true);
  expect(isSilent(new Int16Array(8000))).toBe(true);
  expect(isSilent(tone(8000, 20))).toBe(true);
  expect(isSilent(tone(8000, 200))).toBe(false);
});

test('whatever comes is made equally loud', () => {
  for (const amplitude of [900, 3000, 30_000]) {
    const samples = tone(8000, amplitude);
    expect(level(amplify(samples, gainToTarget(samples))).rms).toBeCloseTo(-20, 1);
  }
});

test('a step of volume is three decibels', () => {
  const samples = tone(8000, 2000);
  const quiet = level(samples).rms;
  for (const volume of [-4, -1, 0, 1, 4])
    expect(level(amplify(samples, gainOfVolume(volume))).rms - quiet).toBeCloseTo(3 * volume, 0);
});

test('no gain leads past full scale, nor turns a sample round', () => {
  fc.assert(
    fc.property(fc.int16Array(), fc.double({ min: -12, max: 40, noNaN: true }), (samples, gain) => {
      const louder = amplify(samples, gain);
      for (const [i, sample] of louder.entries()) expect(sample * (samples[i] ?? 0)).toBeGreaterThanOrEqual(0);
    }),
  );
});
