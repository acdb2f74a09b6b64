import { monotonicMicros } from '../measure/clock.ts';

type Release = (now: number) => void;

/**
 * Runs each step a fixed time after it was put in, in order. One timer serves all of them and wakes every millisecond while
 * anything waits; a step leaves at the wake nearest to its time, so that the mean delay is the one asked for.
 */
export function delayLine(latencyMs: number): (arrived: number, release: Release) => void {
  if (latencyMs === 0) return (_, release) => release(monotonicMicros());

  const waiting: { readonly due: number; readonly release: Release }[] = [];
  let head = 0;
  let ticking = false;

  function tick(): void {
    const now = monotonicMicros();
    for (let next = waiting[head]; next && next.due <= now + 500; next = waiting[head]) {
      head += 1;
      next.release(now);
    }
    if (head > 4096) {
      waiting.splice(0, head);
      head = 0;
    }
    ticking = head < waiting.length;
    if (ticking) setTimeout(tick, 1);
  }

  return (arrived, release) => {
    waiting.push({ due: arrived + latencyMs * 1000, release });
    if (!ticking) {
      ticking = true;
      setTimeout(tick, 1);
    }
  };
}
