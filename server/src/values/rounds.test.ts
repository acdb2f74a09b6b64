import { expect, it } from 'vitest';
import { ManualClock } from './manual-clock.ts';
import { rounds } from './rounds.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('begins at once, waits as long as the last round said, and ends when it is stopped', async () => {
  const clock = new ManualClock();
  const waits = [50, 1_000, 1_000];
  let begun = 0;
  const work = rounds(clock, async () => waits[begun++] ?? 0);
  work.start();
  expect(begun).toBe(1);
  await turn();
  clock.advance(50);
  expect(begun).toBe(2);
  await turn();
  clock.advance(999);
  expect(begun).toBe(2);
  clock.advance(1);
  expect(begun).toBe(3);
  // A round is under way: nothing follows it.
  work.stop();
  await turn();
  clock.advance(60_000);
  expect(begun).toBe(3);
});
