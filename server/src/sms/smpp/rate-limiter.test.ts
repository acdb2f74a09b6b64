import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../values/manual-clock.ts';
import { RateLimiter } from './rate-limiter.ts';

/** Sends whenever it may, a millisecond at a time. @returns how many. */
function send(limiter: RateLimiter, clock: ManualClock, ms: number): number {
  let sent = 0;
  for (let i = 0; i < ms; i++) {
    for (; limiter.available >= 1; sent++) limiter.take();
    clock.advance(1);
  }
  return sent;
}

test('without a rate nothing waits', () => {
  const limiter = new RateLimiter(new ManualClock(), null);
  for (let i = 0; i < 1_000; i++) limiter.take();
  expect(limiter.available).toBeGreaterThan(1_000);
  expect(limiter.waitMs).toBe(0);
});

test('no second sees more than the rate and one burst', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 0, max: 5_000 }), (rate, idleMs) => {
      const clock = new ManualClock();
      const limiter = new RateLimiter(clock, rate);
      clock.advance(idleMs);
      const sent = send(limiter, clock, 1_000);
      expect(sent).toBeLessThanOrEqual(rate + Math.max(1, rate / 20));
      expect(sent).toBeGreaterThanOrEqual(rate - 1);
    }),
    { numRuns: 50 },
  );
});

test('it says when the next may go', () => {
  const clock = new ManualClock();
  const limiter = new RateLimiter(clock, 4);
  limiter.take();
  expect(limiter.available).toBe(0);
  expect(limiter.waitMs).toBe(250);
  clock.advance(249);
  expect(limiter.available).toBe(0);
  clock.advance(1);
  expect(limiter.available).toBe(1);
});

test('a refusal halves the rate once for all that was under way', () => {
  const clock = new ManualClock();
  const limiter = new RateLimiter(clock, 100);
  const before = clock.elapsed();
  clock.advance(20);
  expect(limiter.refused(before)).toBe(50);
  expect(limiter.refused(before)).toBe(null);
  expect(limiter.refused(before + 20)).toBe(null);
  expect(limiter.throttled).toBe(true);
  clock.advance(20);
  expect(limiter.refused(clock.elapsed())).toBeCloseTo(25, 0);
});

test('it recovers steadily, in ten seconds', () => {
  const clock = new ManualClock();
  const limiter = new RateLimiter(clock, 100);
  limiter.refused(clock.elapsed());
  clock.advance(5_000);
  expect(limiter.throttled).toBe(true);
  expect(limiter.rate).toBeCloseTo(75);
  clock.advance(5_000);
  expect(limiter.throttled).toBe(false);
  expect(limiter.rate).toBe(100);
});

test('a storm never stops it, and never undercuts one a second', () => {
  const clock = new ManualClock();
  const limiter = new RateLimiter(clock, 100);
  for (let i = 0; i < 20; i++) {
    clock.advance(10);
    limiter.refused(clock.elapsed());
  }
  expect(limiter.rate).toBe(1);
});

test('without a rate, what was sent in the last second is halved, and given back', () => {
  const clock = new ManualClock();
  const limiter = new RateLimiter(clock, null);
  for (let i = 0; i < 400; i++) limiter.take();
  expect(limiter.refused(clock.elapsed())).toBe(200);
  expect(send(limiter, clock, 1_000)).toBeLessThan(230);
  clock.advance(10_000);
  expect(limiter.rate).toBe(null);
  expect(limiter.throttled).toBe(false);
});
