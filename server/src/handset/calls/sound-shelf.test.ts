import { expect, test } from 'vitest';
import { ManualClock } from '../../values/manual-clock.ts';
import { soundShelf } from './sound-shelf.ts';

test('the oldest sounds make room for the newest', () => {
  const shelf = soundShelf(new ManualClock(), 250);
  for (const id of ['a', 'b', 'c']) shelf.put(id, new Uint8Array(100));
  expect(['a', 'b', 'c'].map((id) => shelf.get(id)?.length ?? null)).toEqual([null, 100, 100]);
  shelf.put('b', new Uint8Array(100));
  shelf.put('d', new Uint8Array(100));
  expect(['b', 'c', 'd'].map((id) => shelf.get(id)?.length ?? null)).toEqual([100, null, 100]);
});

test('a sound larger than the shelf is not kept', () => {
  const shelf = soundShelf(new ManualClock(), 250);
  shelf.put('a', new Uint8Array(251));
  expect(shelf.get('a')).toBeNull();
  expect(shelf.size).toBe(0);
});

test('a day later a sound is gone, for a code can be heard in it', () => {
  const clock = new ManualClock();
  const shelf = soundShelf(clock, 250);
  shelf.put('a', new Uint8Array(10));
  clock.advance(86_399_999);
  expect(shelf.size).toBe(1);
  clock.advance(1);
  expect(shelf.size).toBe(0);
});
