import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idSource } from './id.ts';
import { ManualClock } from './manual-clock.ts';
import { seededRandom } from './seeded-random.ts';

/** RFC 9562 §5.7: 48 bits of Unix milliseconds, version 7, 12 bits, variant 10, 62 bits. */
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function millisecondsOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

describe('idSource', () => {
  it('lays its ids out as UUIDv7, with the time they were made', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 48 - 1 }), fc.integer(), (now, seed) => {
        const id = idSource(new ManualClock(now), seededRandom(seed))();
        expect(id).toMatch(UUID_V7);
        expect(millisecondsOf(id)).toBe(now);
      }),
    );
  });

  it('keeps ids in order and apart, whatever the clock does', () => {
    const moves = fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(moves, fc.integer(), (steps, seed) => {
        let now = 1_769_853_600_000;
        const next = idSource({ ...new ManualClock(), now: () => now } as never, seededRandom(seed));
        const ids = steps.map((step) => {
          now += step;
          return next();
        });
        expect(ids).toEqual([...new Set(ids)].sort());
      }),
    );
  });

  it('keeps order past 4,096 ids in one millisecond, by running ahead of the clock', () => {
    const clock = new ManualClock();
    const next = idSource(clock, seededRandom(7));
    const ids = Array.from({ length: 10_000 }, next);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids.every((id) => UUID_V7.test(id))).toBe(true);
    expect(millisecondsOf(ids.at(-1) ?? '')).toBeLessThan(clock.now() + 4);
    clock.advance(10);
    expect(millisecondsOf(next())).toBe(clock.now());
  });

  it('draws the last 62 bits anew each time: an id tells nothing of the next', () => {
    const next = idSource(new ManualClock(), seededRandom(7));
    const tails = Array.from({ length: 1000 }, () => next().slice(19));
    expect(new Set(tails).size).toBe(tails.length);
  });

  it('makes different ids in two processes at the same time', () => {
    const clock = new ManualClock();
    expect(idSource(clock, seededRandom(1))()).not.toBe(idSource(clock, seededRandom(2))());
  });
});
