import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gcra, type LimitRule, leftOf } from './gcra.ts';

const START = Date.UTC(2026, 0, 31, 10);
const MINUTE = 60_000;

/** Rules as people write them, and crooked ones. */
const rule: fc.Arbitrary<LimitRule> = fc.record({
  count: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 500 })),
  periodMs: fc.oneof(
    fc.constantFrom(1000, 10 * MINUTE, 60 * MINUTE, 31 * 24 * 60 * MINUTE),
    fc.integer({ min: 1000, max: 100_000 }),
  ),
});
const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 60_000 })), {
  maxLength: 200,
});

/** A token bucket counted in whole numbers: `count` tokens of `periodMs` units each, one token's worth back each `periodMs / count` ms. */
class ExactBucket {
  #units: bigint;
  #at = START;
  readonly #rule: LimitRule;

  constructor(limit: LimitRule) {
    this.#rule = limit;
    this.#units = BigInt(limit.count) * BigInt(limit.periodMs);
  }

  has(now: number): boolean {
    const full = BigInt(this.#rule.count) * BigInt(this.#rule.periodMs);
    const grown = this.#units + BigInt(now - this.#at) * BigInt(this.#rule.count);
    this.#units = grown < full ? grown : full;
    this.#at = now;
    return this.#units >= BigInt(this.#rule.periodMs);
  }

  take(): void {
    this.#units -= BigInt(this.#rule.periodMs);
  }
}

/** Sends at the given gaps; the times of those that were let through. */
function passed(limits: readonly LimitRule[], steps: readonly number[]): number[] {
  const times: number[] = [];
  let tats: readonly number[] = [];
  let now = START;
  for (const step of steps) {
    now += step;
    const verdict = gcra(limits, tats, now);
    if (!verdict.allowed) continue;
    tats = verdict.tats;
    times.push(now);
  }
  return times;
}

describe('gcra', () => {
  it('lets exactly the burst through at once, whatever the rule', () => {
    fc.assert(
      fc.property(rule, fc.integer({ min: 0, max: 10 ** 11 }), (limit, later) => {
        const steps = [later, ...Array.from({ length: limit.count + 3 }, () => 0)];
        expect(passed([limit], steps)).toHaveLength(limit.count);
      }),
    );
  });

  it('never lets through what an exact token bucket would not', () => {
    fc.assert(
      fc.property(rule, gaps, (limit, steps) => {
        const bucket = new ExactBucket(limit);
        for (const time of passed([limit], steps)) {
          expect(bucket.has(time)).toBe(true);
          bucket.take();
        }
      }),
    );
  });

  it('decides as the exact bucket does where the interval is a whole number of milliseconds', () => {
    const even = fc.record({ count: fc.integer({ min: 1, max: 50 }), interval: fc.integer({ min: 20, max: 30_000 }) });
    fc.assert(
      fc.property(even, gaps, ({ count, interval }, steps) => {
        const limit = { count, periodMs: Math.max(1000, count * interval) };
        fc.pre(limit.periodMs % count === 0);
        const bucket = new ExactBucket(limit);
        let now = START;
        const expected = steps.flatMap((step) => {
          now += step;
          if (!bucket.has(now)) return [];
          bucket.take();
          return [now];
        });
        expect(passed([limit], steps)).toEqual(expected);
      }),
    );
  });

  it('never lets more than the burst and the rate through in any window', () => {
    fc.assert(
      fc.property(rule, gaps, (limit, steps) => {
        const times = passed([limit], steps);
        for (const [i, from] of times.entries()) {
          for (const [j, to] of times.entries()) {
            if (j < i) continue;
            const most = limit.count + Math.floor(((to - from) * limit.count) / limit.periodMs);
            expect(j - i + 1).toBeLessThanOrEqual(most);
          }
        }
      }),
    );
  });

  it('says exactly when to come back: refused a millisecond before, allowed then', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), gaps, (limits, steps) => {
        let tats: readonly number[] = [];
        let now = START;
        for (const step of [...steps, ...Array.from({ length: 20 }, () => 0)]) {
          now += step;
          const verdict = gcra(limits, tats, now);
          if (verdict.allowed) {
            tats = verdict.tats;
            continue;
          }
          expect(verdict.retryAfterMs).toBeGreaterThanOrEqual(1);
          expect(limits).toContain(verdict.rule);
          expect(gcra(limits, tats, now + verdict.retryAfterMs - 1).allowed).toBe(false);
          expect(gcra(limits, tats, now + verdict.retryAfterMs).allowed).toBe(true);
        }
      }),
    );
  });

  it('goes on at its own rate after other rules, or a clock that was set back, left their times behind', () => {
    fc.assert(
      fc.property(rule, fc.integer({ min: 2, max: 10 ** 11 }), (limit, distance) => {
        const first = gcra([limit], [START + limit.periodMs + MINUTE + distance], START);
        expect(first.allowed).toBe(true);
        const second = gcra([limit], first.allowed ? first.tats : [], START);
        if (second.allowed) throw new Error('more than one was let through');
        expect(second.retryAfterMs).toBe(Math.ceil(Math.ceil((limit.periodMs * 2048) / limit.count) / 2048));
      }),
    );
  });

  it('believes what a node wrote whose clock is a little ahead', () => {
    fc.assert(
      fc.property(rule, fc.integer({ min: 0, max: MINUTE }), (limit, ahead) => {
        let tats: readonly number[] = [];
        for (let i = 0; i < limit.count; i++) {
          const verdict = gcra([limit], tats, START + ahead);
          if (verdict.allowed) tats = verdict.tats;
        }
        expect(gcra([limit], tats, START).allowed).toBe(false);
      }),
    );
  });

  it('asks every rule, and names the longest wait', () => {
    const limits = [
      { count: 3, periodMs: 10 * MINUTE },
      { count: 5, periodMs: 60 * MINUTE },
    ];
    let tats: readonly number[] = [];
    let now = START;
    const send = () => {
      const verdict = gcra(limits, tats, now);
      if (verdict.allowed) tats = verdict.tats;
      return verdict.allowed ? 'allowed' : verdict.retryAfterMs / MINUTE;
    };
    expect([send(), send(), send()]).toEqual(['allowed', 'allowed', 'allowed']);
    expect(send()).toBeCloseTo(10 / 3, 4);
    now += 10 * MINUTE;
    expect([send(), send()]).toEqual(['allowed', 'allowed']);
    // The first rule has room again; the second gives a place back each 12 minutes, and 10 of them are over.
    expect(send()).toBe(2);
  });

  it('counts a refusal in no rule', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 4 }),
        gaps,
        fc.integer({ min: 1, max: 5 }),
        (limits, steps, times) => {
          const hammered = steps.flatMap((step) => [step, ...Array.from({ length: times }, () => 0)]);
          // Dropping the refused ones from the sequence must leave every verdict as it was.
          const through = passed(limits, hammered);
          let last = START;
          const onlyThose = through.map((time) => {
            const gap = time - last;
            last = time;
            return gap;
          });
          expect(passed(limits, onlyThose)).toEqual(through);
        },
      ),
    );
  });

  it('allows everything when there is no rule', () => {
    expect(gcra([], [], START)).toEqual({ allowed: true, tats: [] });
  });

  it('takes a bucket that was forgotten, or saved under fewer rules, for a full one', () => {
    const limits = [
      { count: 1, periodMs: MINUTE },
      { count: 1, periodMs: 2 * MINUTE },
    ];
    expect(gcra(limits, [START - 5], START)).toEqual({ allowed: true, tats: [START + MINUTE, START + 2 * MINUTE] });
  });
});

describe('what is left', () => {
  it('is what may still be sent at once, by the tightest rule', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 3 }), fc.nat({ max: 30 }), (rules, before) => {
        let tats: readonly number[] = [];
        for (let i = 0; i <= before; i++) {
          const verdict = gcra(rules, tats, START);
          if (!verdict.allowed) break;
          tats = verdict.tats;
        }
        const { remaining, resetMs } = leftOf(rules, tats, START);
        let more = 0;
        for (let left = tats; ; more++) {
          const verdict = gcra(rules, left, START);
          if (!verdict.allowed) break;
          left = verdict.tats;
        }
        expect(remaining).toBe(more);
        // Untouched again by then: nothing more of that rule is left to come back.
        expect(
          leftOf(rules, tats, START + Math.max(resetMs, ...rules.map(({ periodMs }) => 2 * periodMs))).remaining,
        ).toBe(Math.min(...rules.map(({ count }) => count)));
      }),
    );
  });
});
