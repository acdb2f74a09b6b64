import type { Clock, Timer } from '../../../../values/clock.ts';
import { T1 } from './timers.ts';

/** Calls `again` after T1, then after twice the time each, `longest` at the most: timers A, E and G of RFC 3261 §17. */
export function resend(clock: Clock, longest: number, again: () => void): Timer {
  let wait = T1;
  let timer = clock.after(wait, fire);

  function fire(): void {
    wait = Math.min(2 * wait, longest);
    timer = clock.after(wait, fire);
    again();
  }

  return { cancel: () => timer.cancel() };
}
