import { expect, test } from 'vitest';
import type { Clock } from '../../../values/clock.ts';
import { ManualClock } from '../../../values/manual-clock.ts';
import { type PumpLoad, pump, spreadPump } from './pump.ts';

/** What a pump did, and when: `20` a frame at 20 ms, `-3` three that were skipped. */
function record(clock: Clock): { load: PumpLoad; done: number[]; frames(): number } {
  const start = clock.elapsed();
  const done: number[] = [];
  return {
    load: {
      frame: () => done.push(clock.elapsed() - start),
      skip: (frames) => done.push(-frames),
    },
    done,
    frames: () => done.length,
  };
}

test('a frame each 20 ms, the first after 20', () => {
  const clock = new ManualClock();
  const { load, done } = record(clock);
  pump(clock, 0).add(load);
  clock.advance(100);
  expect(done).toEqual([20, 40, 60, 80, 100]);
});

test('timers that are late never add up: after a minute there were 3,000 frames', () => {
  const manual = new ManualClock();
  let late = 0;
  const clock: Clock = {
    now: () => manual.now(),
    elapsed: () => manual.elapsed(),
    after(ms, call) {
      late = (late + 1) % 8;
      return manual.after(ms + late, call);
    },
  };
  const { load, frames } = record(clock);
  pump(clock, 0).add(load);
  manual.advance(60_010);
  expect(frames()).toBe(3000);
});

test('a timer that is early sends nothing early', () => {
  const manual = new ManualClock();
  const clock: Clock = {
    now: () => manual.now(),
    elapsed: () => manual.elapsed(),
    after: (ms, call) => manual.after(Math.max(0.25, ms - 0.5), call),
  };
  const { load, done } = record(clock);
  pump(clock, 0).add(load);
  manual.advance(60);
  expect(done.map(Math.floor)).toEqual([20, 40, 60]);
  expect(done.every((at, i) => at >= 20 * (i + 1))).toBe(true);
});

test('a short stall is made up for at once, and the beat is as it was', () => {
  const clock = new ManualClock();
  const { load, done } = record(clock);
  pump(clock, 0).add(load);
  clock.advance(20);
  clock.leap(55);
  clock.advance(25);
  expect(done).toEqual([20, 75, 75, 80, 100]);
});

test('of a long stall three frames are made up for, the rest is let go', () => {
  const clock = new ManualClock();
  const { load, done } = record(clock);
  pump(clock, 0).add(load);
  clock.leap(1010);
  clock.advance(10);
  expect(done).toEqual([-47, 1010, 1010, 1010, 1020]);
});

test('rests while it has no call, stops from inside as well, and starts anew', () => {
  const clock = new ManualClock();
  const begun = clock.elapsed();
  const times: number[] = [];
  const beat = pump(clock, 0);
  const call: PumpLoad = {
    frame() {
      times.push(clock.elapsed() - begun);
      if (times.length === 2) beat.remove(call);
    },
    skip() {},
  };
  beat.add(call);
  beat.remove({ ...call });
  clock.advance(1000);
  expect(times).toEqual([20, 40]);
  clock.advance(20_005);
  beat.add(call);
  clock.advance(20);
  beat.remove(call);
  clock.advance(100);
  expect(times).toEqual([20, 40, 21_020]);
});

test('a call that comes while others run gets the frames from then on', () => {
  const clock = new ManualClock();
  const [first, second] = [record(clock), record(clock)];
  const beat = pump(clock, 5);
  beat.add(first.load);
  clock.advance(30);
  beat.add(second.load);
  clock.advance(30);
  beat.remove(first.load);
  clock.advance(20);
  expect(first.done).toEqual([5, 25, 45]);
  expect(second.done).toEqual([45, 65]);
});

test('calls are spread over the 20 ms, as evenly after some have ended', () => {
  const clock = new ManualClock();
  const spread = spreadPump(clock);
  const calls = Array.from({ length: 8 }, () => record(clock));
  for (const { load } of calls) spread.add(load);
  clock.advance(20);
  expect(calls.map(({ done }) => done)).toEqual([[20], [5], [10], [15], [20], [5], [10], [15]]);
  for (const i of [1, 5]) spread.remove(calls[i]?.load ?? { frame() {}, skip() {} });
  const next = record(clock);
  spread.add(next.load);
  clock.advance(20);
  // Where the two were that ended.
  expect(next.done).toEqual([5]);
});
