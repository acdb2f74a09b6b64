import { expect, it } from 'vitest';
import { ManualClock } from '../values/manual-clock.ts';
import { keyUses } from './key-uses.ts';

function noting() {
  const clock = new ManualClock(0);
  const saved: (readonly { id: string; at: number }[])[] = [];
  const fault = { now: false };
  const uses = keyUses(
    {
      async touch(batch) {
        if (fault.now) throw new Error('down');
        saved.push(batch);
      },
    },
    clock,
  );
  return { clock, saved, fault, uses };
}

it('saves the last use of each key, once every five seconds', async () => {
  const { clock, saved, uses } = noting();
  for (let at = 0; at < 100; at++) uses.note('a', at);
  uses.note('b', 7);
  clock.advance(4_999);
  expect(saved).toEqual([]);
  clock.advance(1);
  expect(saved).toEqual([
    [
      { id: 'a', at: 99 },
      { id: 'b', at: 7 },
    ],
  ]);
  await uses.close();
  expect(saved).toHaveLength(1);
});

it('keeps what could not be saved, but for keys used since', async () => {
  const { clock, saved, fault, uses } = noting();
  fault.now = true;
  uses.note('a', 1);
  uses.note('b', 2);
  clock.advance(5_000);
  uses.note('a', 3);
  await Promise.resolve();
  fault.now = false;
  await uses.close();
  expect(saved.flat().sort((x, y) => x.at - y.at)).toEqual([
    { id: 'b', at: 2 },
    { id: 'a', at: 3 },
  ]);
});
