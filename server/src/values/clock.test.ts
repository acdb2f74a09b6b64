import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { ManualClock } from './manual-clock.ts';

describe('ManualClock', () => {
  it('moves only when told to', () => {
    const clock = new ManualClock(1000);
    expect(clock.now()).toBe(1000);
    clock.advance(250);
    expect(clock.now()).toBe(1250);
  });

  it('runs what falls due in order of time, then of registration, each at its own time', () => {
    const clock = new ManualClock(0);
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name}@${clock.now()}`);
    clock.after(20, note('late'));
    clock.after(10, note('first'));
    clock.after(10, note('second'));
    clock.after(31, note('not yet'));
    clock.advance(30);
    expect(ran).toEqual(['first@10', 'second@10', 'late@20']);
    expect(clock.now()).toBe(30);
  });

  it('runs a timer once, and one that a timer sets within the same advance', () => {
    const clock = new ManualClock(0);
    const ran: number[] = [];
    const again = (): void => {
      ran.push(clock.now());
      clock.after(10, again);
    };
    clock.after(10, again);
    clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
  });

  it('runs a timer of 0 ms only when time is moved', () => {
    const clock = new ManualClock(0);
    let ran = 0;
    clock.after(0, () => ran++);
    expect(ran).toBe(0);
    clock.advance(0);
    expect(ran).toBe(1);
  });

  it('does not run what was cancelled, even by an earlier timer; cancelling again does nothing', () => {
    const clock = new ManualClock(0);
    let ran = 0;
    const doomed = clock.after(20, () => ran++);
    clock.after(10, () => doomed.cancel());
    clock.advance(100);
    doomed.cancel();
    expect(ran).toBe(0);
  });
});

describe('systemClock', () => {
  it('runs a timer once', async () => {
    const before = systemClock.now();
    await new Promise<void>((resolve) => {
      // The clock's own timers do not keep a process alive; this one does for as long as the test waits.
      const alive = setInterval(() => {}, 1000);
      systemClock.after(1, () => {
        clearInterval(alive);
        resolve();
      });
    });
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });

  it('takes a timer back, twice without harm, and lets one be cancelled after it ran', async () => {
    const ran: string[] = [];
    const doomed = systemClock.after(1, () => ran.push('cancelled'));
    doomed.cancel();
    doomed.cancel();
    await new Promise<void>((resolve) => {
      const last = systemClock.after(5, () => {
        ran.push('last');
        last.cancel();
        resolve();
      });
    });
    expect(ran).toEqual(['last']);
  });
});
