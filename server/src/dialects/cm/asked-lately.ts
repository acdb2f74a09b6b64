import type { Clock } from '../../values/clock.ts';

/** Which requests were made within the last while. In memory: each node remembers its own, and forgets them when it stops. */
export interface AskedLately {
  /** Notes the request and answers 0, or answers for how many milliseconds yet it must not be made again. */
  claim(request: string): number;
  /** Forgets a request that came to nothing. */
  release(request: string): void;
}

/** @param most remembered at a time: past it the oldest are forgotten, and may be made again early */
export function askedLately(clock: Pick<Clock, 'elapsed'>, forMs: number, most: number): AskedLately {
  // In the order they were made, so the oldest stand first.
  const until = new Map<string, number>();

  function forgetOld(now: number): void {
    for (const [request, end] of until) {
      if (end > now && until.size < most) return;
      until.delete(request);
    }
  }

  return {
    claim(request) {
      const now = clock.elapsed();
      const end = until.get(request);
      if (end !== undefined && end > now) return end - now;
      until.delete(request);
      forgetOld(now);
      until.set(request, now + forMs);
      return 0;
    },
    release: (request) => void until.delete(request),
  };
}
