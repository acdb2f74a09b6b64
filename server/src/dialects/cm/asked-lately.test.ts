import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../values/manual-clock.ts';
import { askedLately } from './asked-lately.ts';

describe('askedLately', () => {
  it('lets a request be made again when its time is over, and says how long that is', () => {
    const clock = new ManualClock();
    const lately = askedLately(clock, 1_000, 10);
    expect(lately.claim('a')).toBe(0);
    clock.advance(400);
    expect(lately.claim('a')).toBe(600);
    expect(lately.claim('b')).toBe(0);
    clock.advance(599);
    expect(lately.claim('a')).toBe(1);
    clock.advance(1);
    expect(lately.claim('a')).toBe(0);
    expect(lately.claim('a')).toBe(1_000);
  });

  it('forgets what came to nothing', () => {
    const lately = askedLately(new ManualClock(), 1_000, 10);
    lately.claim('a');
    lately.release('a');
    expect(lately.claim('a')).toBe(0);
  });

  it('remembers so many and no more, the latest ones', () => {
    const lately = askedLately(new ManualClock(), 1_000, 3);
    for (const request of ['a', 'b', 'c', 'd']) expect(lately.claim(request)).toBe(0);
    expect(lately.claim('b')).toBe(1_000);
    expect(lately.claim('a')).toBe(0);
    expect(lately.claim('b'), 'made room for a').toBe(0);
  });

  it('never lets one through twice within its time, while it has room', () => {
    const step = fc.record({ request: fc.constantFrom('a', 'b', 'c'), wait: fc.integer({ min: 0, max: 700 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const clock = new ManualClock();
        const lately = askedLately(clock, 1_000, 3);
        const admitted = new Map<string, number>();
        for (const { request, wait } of steps) {
          clock.advance(wait);
          const last = admitted.get(request);
          const waitMs = lately.claim(request);
          expect(waitMs).toBe(last === undefined ? 0 : Math.max(0, last + 1_000 - clock.elapsed()));
          if (waitMs === 0) admitted.set(request, clock.elapsed());
        }
      }),
    );
  });
});
