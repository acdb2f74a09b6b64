import { expect, test } from 'vitest';
import { makeClip } from '../audio/make-clip.ts';
import { clipMemory } from './clip-memory.ts';

const clip = makeClip(new Int16Array(1000));
/** What one of them counts for, about. */
const ONE = 4_600;

test('what was used longest ago goes first, and there is never too much', () => {
  const memory = clipMemory(3 * ONE);
  for (const key of ['a', 'b', 'c']) memory.set(key, clip);
  expect(memory.get('a')).toBe(clip);
  memory.set('d', clip);
  expect(['a', 'b', 'c', 'd'].map((key) => memory.get(key) !== undefined)).toEqual([true, false, true, true]);
});

test('setting the same key again counts it once', () => {
  const memory = clipMemory(2 * ONE);
  memory.set('a', clip);
  for (let i = 0; i < 10; i++) memory.set('b', clip);
  expect(memory.get('a')).toBe(clip);
});

test('a clip that is larger than all of it is not kept', () => {
  const memory = clipMemory(1000);
  memory.set('a', clip);
  expect(memory.get('a')).toBeUndefined();
});
