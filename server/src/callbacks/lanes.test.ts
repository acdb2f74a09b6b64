import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../values/manual-clock.ts';
import { lanes, type Turn } from './lanes.ts';

const FINE = { strained: false, tookMs: 10, pauseMs: 0 };
const STRAINED = { strained: true, tookMs: 15_000, pauseMs: 0 };

function open() {
  const clock = new ManualClock();
  const off: { readonly item: string; readonly dueAt: number }[] = [];
  const world = { ready: 0 };
  const all = lanes<string>({
    clock,
    putOff: (item, dueAt) => off.push({ item, dueAt }),
    onReady: () => {
      world.ready += 1;
    },
  });
  const take = (most = Number.POSITIVE_INFINITY) => {
    const turns: Turn<string>[] = [];
    for (let turn = all.next(); turn !== undefined; turn = all.next()) {
      turns.push(turn);
      if (turns.length === most) break;
    }
    return turns;
  };
  const fill = (account: string, origin: string, count: number) => {
    for (let i = 0; i < count; i++) all.add(account, origin, `${account}${origin}`);
  };
  return { clock, all, take, fill, off, world };
}

const itemsOf = (turns: readonly Turn<string>[]) => turns.map((turn) => turn.item);

test('receivers are served in turn, however much waits for one of them', () => {
  const { take, fill } = open();
  fill('a', '1', 1_000);
  fill('a', '2', 2);
  fill('b', '1', 2);
  expect(itemsOf(take(6))).toEqual(['a1', 'a2', 'b1', 'a1', 'a2', 'b1']);
});

test('one receiver has 64 in flight, and the next as soon as one comes back', () => {
  const { all, take, fill } = open();
  fill('a', '1', 100);
  const turns = take();
  expect([turns.length, all.inFlight, all.waiting]).toEqual([64, 64, 36]);
  turns[0]?.done(FINE);
  expect(take()).toHaveLength(1);
});

test('one that hangs holds up nobody, and soon holds one place only', () => {
  const { all, take, fill } = open();
  fill('a', 'slow', 200);
  fill('a', 'fast', 200);
  const slow = take().filter((turn) => turn.item === 'aslow');
  expect(slow).toHaveLength(64);
  for (const turn of slow) turn.done(STRAINED);
  expect(itemsOf(take())).toEqual(['aslow']);
  expect(all.inFlight).toBe(65);
});

test('what was not sent says nothing of its receiver', () => {
  const { all, take, fill } = open();
  fill('a', '1', 1_000);
  for (const turn of take()) turn.done(STRAINED);
  for (let i = 0; i < 5; i++) {
    const turns = take();
    expect(turns).toHaveLength(1);
    turns[0]?.done(null);
  }
  expect(all.inFlight).toBe(0);
});

test('a receiver that recovers gets more again, step by step', () => {
  const { take, fill } = open();
  fill('a', '1', 1_000);
  for (const turn of take()) turn.done(STRAINED);
  let inFlight = take();
  for (let round = 1; round <= 4; round++) {
    expect(inFlight).toHaveLength(2 ** (round - 1));
    for (const turn of inFlight) turn.done(FINE);
    inFlight = take();
  }
});

test('an account has 256 in flight, whatever it spreads them over; others have their own', () => {
  const { all, take, fill } = open();
  for (let i = 0; i < 400; i++) fill('a', `host${i}`, 3);
  fill('b', '1', 5);
  const turns = take();
  expect(turns.filter((turn) => turn.item.startsWith('a'))).toHaveLength(256);
  expect(turns.filter((turn) => turn.item.startsWith('b'))).toHaveLength(5);
  let served = 0;
  for (let more: readonly Turn<string>[] = turns; more.length > 0; more = take()) {
    served += more.length;
    for (const turn of more) turn.done(FINE);
  }
  expect([served, all.waiting, all.inFlight]).toEqual([1_205, 0, 0]);
});

test('places that paused receivers leave free are for the others of the account', () => {
  const { take, fill } = open();
  for (let i = 0; i < 256; i++) fill('a', `paused${i}`, 2);
  const turns = take();
  for (let i = 0; i < 44; i++) fill('a', `late${i}`, 1);
  expect([turns.length, take().length]).toEqual([256, 0]);
  for (const turn of turns) turn.done({ ...FINE, pauseMs: 10_000 });
  expect(take()).toHaveLength(44);
});

test('all together have 1,024 in flight', () => {
  const { all, take, fill } = open();
  for (let i = 0; i < 20; i++) fill(`account${i}`, '1', 64);
  expect(take()).toHaveLength(1_024);
  expect(all.waiting).toBe(256);
});

test('a pause holds a receiver back, and ends by itself', () => {
  const { clock, take, fill, world } = open();
  fill('a', '1', 3);
  const [first] = take(1);
  first?.done({ ...STRAINED, pauseMs: 1_000 });
  expect(take()).toEqual([]);
  clock.advance(999);
  expect([take().length, world.ready]).toEqual([0, 0]);
  clock.advance(1);
  expect([take().length, world.ready]).toEqual([2, 1]);
});

test('what finds no room is spread over the time that its receiver needs', () => {
  const { clock, take, fill, off } = open();
  fill('a', '1', 2_000);
  // 64 at once, 6.4 s each: one every 100 ms.
  for (const turn of take()) turn.done({ ...FINE, tookMs: 6_400 });
  fill('a', '1', 712);
  const due = off.map(({ dueAt }) => dueAt - clock.now());
  expect(due).toHaveLength(600);
  expect(due).toEqual(due.toSorted((a, b) => a - b));
  expect(due[0]).toBe(2_100);
  expect(due.at(-1)).toBe(62_000);
});

test('a receiver that hangs keeps few waiting: the rest come back when it may have time for them', () => {
  const { clock, all, take, fill, off } = open();
  fill('a', '1', 500);
  for (const turn of take()) turn.done(STRAINED);
  expect([all.waiting, off.length]).toEqual([32, 404]);
  expect((off.at(-1)?.dueAt ?? 0) - clock.now()).toBeGreaterThan(1_000_000);
});

test('an account has 8,000 waiting, whatever it spreads them over; others have their own', () => {
  const { all, fill, off } = open();
  for (let i = 0; i < 10; i++) fill('a', `host${i}`, 1_000);
  fill('b', '1', 1_000);
  expect([all.waiting, off.length]).toEqual([9_000, 2_000]);
});

test('nothing is lost and no limit broken, in whatever order things come back', () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 11 }), count: fc.integer({ min: 1, max: 90 }) }),
    fc.record({
      done: fc.nat(2_000),
      count: fc.integer({ min: 1, max: 90 }),
      strained: fc.boolean(),
      pauseMs: fc.constantFrom(0, 0, 500),
    }),
    fc.record({ wait: fc.integer({ min: 1, max: 1_000 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { clock, all, take, off } = open();
      const inFlight: Turn<string>[] = [];
      let [added, served] = [0, 0];
      const pull = () => {
        const turns = take();
        served += turns.length;
        inFlight.push(...turns);
      };
      for (const one of steps) {
        if ('add' in one) {
          for (let i = 0; i < one.count; i++) {
            all.add(`a${one.add % 3}`, `${one.add}`, 'x');
            added += 1;
          }
        } else if ('done' in one) {
          for (let i = 0; i < one.count && inFlight.length > 0; i++) {
            inFlight
              .splice(one.done % inFlight.length, 1)[0]
              ?.done({ strained: one.strained, tookMs: 10, pauseMs: one.pauseMs });
          }
        } else clock.advance(one.wait);
        pull();
        expect(all.inFlight).toBe(inFlight.length);
        expect(inFlight.length).toBeLessThanOrEqual(3 * 256);
        expect(all.waiting).toBe(added - served - off.length);
      }
      for (let i = 0; i < 3_000 && all.inFlight + all.waiting > 0; i++) {
        for (const turn of inFlight.splice(0)) turn.done(FINE);
        clock.advance(1_000);
        all.sweep();
        pull();
      }
      expect([all.waiting, all.inFlight, served]).toEqual([0, 0, added - off.length]);
    }),
    { numRuns: 60 },
  );
});

test('receivers with nothing to do are forgotten after a minute, others are not', () => {
  const { clock, all, take, fill } = open();
  fill('a', '1', 65);
  for (const turn of take()) turn.done(STRAINED);
  clock.advance(61_000);
  all.sweep();
  expect(take()).toHaveLength(1);
  fill('a', '2', 1);
  for (const turn of take()) turn.done(STRAINED);
  clock.advance(61_000);
  all.sweep();
  fill('a', '2', 100);
  expect(take()).toHaveLength(64);
});
