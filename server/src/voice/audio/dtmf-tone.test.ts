import { expect, test } from 'vitest';
import { dtmfTone } from './dtmf-tone.ts';
import { level } from './level.ts';

/** How much of `samples` is at `frequency`, by Goertzel's algorithm: half the amplitude of a steady tone. */
function strength(samples: Int16Array, frequency: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * frequency) / 8000);
  let [last, before] = [0, 0];
  for (const sample of samples) [last, before] = [sample + factor * last - before, last];
  return Math.sqrt(last * last + before * before - factor * last * before) / samples.length;
}

const TONES = [697, 770, 852, 941, 1209, 1336, 1477, 1633];

test.for([
  ['1', 697, 1209],
  ['6', 770, 1477],
  ['0', 941, 1336],
  ['*', 941, 1209],
  ['#', 941, 1477],
  ['D', 941, 1633],
] as const)('the key %s is its row and its column, and nothing else', ([key, low, high]) => {
  const { pcm } = dtmfTone(key, 200);
  const loudest = TONES.toSorted((a, b) => strength(pcm, b) - strength(pcm, a));
  expect(loudest.slice(0, 2).toSorted((a, b) => a - b)).toEqual([low, high]);
  expect(strength(pcm, loudest[2] ?? 0)).toBeLessThan(strength(pcm, low) / 10);
});

test('lasts as long as asked, and does not clip', () => {
  const { pcm } = dtmfTone('5', 100);
  expect(pcm).toHaveLength(800);
  expect(level(pcm).peak).toBeLessThan(-2);
  expect(level(pcm).rms).toBeGreaterThan(-12);
});

test.for(['', 'E', '12', ' ', '23'])('there is no key %j', (key) => {
  expect(() => dtmfTone(key, 100)).toThrow(RangeError);
});
