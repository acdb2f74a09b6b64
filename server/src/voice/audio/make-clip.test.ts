import { expect, test } from 'vitest';
import { clipMs } from './clip.ts';
import { decodeG711 } from './g711.ts';
import { joinClips, makeClip, silence } from './make-clip.ts';

const RAMP = Int16Array.from({ length: 400 }, (_, i) => i * 80 - 16_000);

test('keeps its samples, whatever becomes of the array it was made of', () => {
  const samples = RAMP.slice();
  const clip = makeClip(samples);
  samples.fill(0);
  expect([...clip.pcm]).toEqual([...RAMP]);
  expect(clipMs(clip)).toBe(50);
});

test('shares its memory between threads, encoded or not', () => {
  const clip = makeClip(RAMP);
  for (const view of [clip.pcm, clip.encoded('pcma'), clip.encoded('pcmu')]) {
    expect(view.buffer).toBeInstanceOf(SharedArrayBuffer);
  }
});

test('encodes once for each codec', () => {
  const clip = makeClip(RAMP);
  expect(clip.encoded('pcma')).toBe(clip.encoded('pcma'));
  expect(clip.encoded('pcmu')).not.toEqual(clip.encoded('pcma'));
  // Within half of A-law's widest step at this level.
  const heard = decodeG711(clip.encoded('pcma'), 'pcma');
  expect(Math.max(...heard.map((sample, i) => Math.abs(sample - (RAMP[i] ?? 0))))).toBeLessThanOrEqual(256);
});

test('has the same key for the same sound, and another for another', () => {
  const other = RAMP.slice();
  other[399] = 0;
  expect(makeClip(RAMP).key).toBe(makeClip(RAMP).key);
  expect(makeClip(RAMP).key).not.toBe(makeClip(other).key);
  expect(silence(20).key).not.toBe(silence(40).key);
});

test('joins clips without a gap', () => {
  const joined = joinClips([makeClip(RAMP.subarray(0, 123)), silence(0), makeClip(RAMP.subarray(123))]);
  expect(joined.key).toBe(makeClip(RAMP).key);
  expect(joinClips([]).pcm).toHaveLength(0);
});

test('silence lasts as long as it is asked to', () => {
  expect(clipMs(silence(250))).toBe(250);
  expect(
    silence(20)
      .encoded('pcma')
      .every((octet) => octet === 0xd5),
  ).toBe(true);
});
