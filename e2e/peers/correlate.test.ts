import { expect, test } from 'vitest';
import { seededRandom } from '../../server/src/values/seeded-random.ts';
import { allMatches, bestMatch } from './correlate.ts';

const RATE = 8_000;
const random = seededRandom(3);

/** Something like a voice: a hum with harmonics that wanders, under an envelope of its own. */
function voice(ms: number, seed: number): Int16Array {
  const chance = seededRandom(seed);
  const [base, wander, beat] = [90 + chance.below(120), 1 + chance.below(9), 2 + chance.below(5)];
  return Int16Array.from({ length: (ms * RATE) / 1000 }, (_, index) => {
    const t = index / RATE;
    const phase = 2 * Math.PI * (base * t + Math.sin(wander * t));
    const envelope = 0.5 + 0.5 * Math.sin(2 * Math.PI * beat * t);
    return 5_000 * envelope * (Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.3 * Math.sin(5 * phase));
  });
}

function noise(samples: number, loudness: number): Int16Array {
  return Int16Array.from({ length: samples }, () => random.below(2 * loudness + 1) - loudness);
}

/** A recording of so many seconds with each clip laid into it, `gain` times as loud, over soft noise. */
function recorded(seconds: number, clips: readonly (readonly [at: number, clip: Int16Array])[], gain = 1): Int16Array {
  const recording = noise(seconds * RATE, 100);
  for (const [at, clip] of clips) {
    for (const [index, sample] of clip.entries()) recording[at + index] = (recording[at + index] ?? 0) + gain * sample;
  }
  return recording;
}

test('a clip is found at its sample, loud or soft, among others', () => {
  const [one, two] = [voice(500, 1), voice(500, 2)];
  for (const gain of [0.3, 1, 1.5]) {
    const recording = recorded(
      3,
      [
        [4_321, one],
        [12_345, two],
      ],
      gain,
    );
    expect(bestMatch(recording, one).offset).toBe(4_321);
    expect(bestMatch(recording, two).offset).toBe(12_345);
    expect(bestMatch(recording, two).score).toBeGreaterThan(0.98);
  }
});

test('a clip that was not played is not found', () => {
  const recording = recorded(3, [[4_321, voice(500, 1)]]);
  expect(bestMatch(recording, voice(500, 2)).score).toBeLessThan(0.8);
  expect(allMatches(recording, voice(500, 2))).toEqual([]);
});

test('neither silence nor noise is like a clip, nor a clip that is turned around', () => {
  const clip = voice(500, 1);
  expect(bestMatch(new Int16Array(3 * RATE), clip).score).toBe(0);
  expect(bestMatch(noise(3 * RATE, 3_000), clip).score).toBeLessThan(0.3);
  expect(bestMatch(recorded(3, [[4_321, clip.toReversed()]]), clip).score).toBeLessThan(0.9);
});

test('a clip that is played twice is found twice, and nowhere in between', () => {
  const [one, two] = [voice(500, 1), voice(400, 2)];
  const recording = recorded(6, [
    [1_000, one],
    [9_000, two],
    [20_000, one],
  ]);
  expect(allMatches(recording, one).map(({ offset }) => offset)).toEqual([1_000, 20_000]);
  expect(allMatches(recording, two).map(({ offset }) => offset)).toEqual([9_000]);
});

test('a clip may fill the recording, begin it and end it, but not be longer, nor silent', () => {
  const clip = voice(500, 1);
  expect(bestMatch(clip, clip)).toEqual({ offset: 0, score: expect.closeTo(1, 9) });
  const both = recorded(2, [
    [0, clip],
    [2 * RATE - clip.length, clip],
  ]);
  expect(allMatches(both, clip).map(({ offset }) => offset)).toEqual([0, 2 * RATE - clip.length]);
  expect(() => bestMatch(clip.subarray(1), clip)).toThrow(RangeError);
  expect(() => bestMatch(clip, new Int16Array(100))).toThrow('silent');
});

test('the scores are those of the definition', () => {
  const recording = noise(64, 1_000);
  const clip = noise(10, 1_000);
  const mean = (of: Int16Array) => of.reduce((sum, sample) => sum + sample, 0) / of.length;
  const scores = Array.from({ length: 55 }, (_, offset) => {
    const stretch = recording.subarray(offset, offset + 10);
    let [product, a, b] = [0, 0, 0];
    for (const [index, sample] of stretch.entries()) {
      const [x, y] = [sample - mean(stretch), (clip[index] ?? 0) - mean(clip)];
      product += x * y;
      a += x * x;
      b += y * y;
    }
    return product / Math.sqrt(a * b);
  });
  expect(bestMatch(recording, clip).score).toBeCloseTo(Math.max(...scores), 9);
});
