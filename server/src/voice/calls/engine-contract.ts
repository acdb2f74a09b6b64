import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silence } from '../audio/make-clip.ts';
import type { CallEnd, CallEngine, CallEvent, CallPlan } from './call-engine.ts';

/** The phone at the far end of the call that was placed last. */
export interface ContractPhone {
  answer(): void;
  /** Says no while it rings. */
  reject(): void;
  press(key: string): void;
  /** Leaves a call that it had answered. */
  hangUp(): void;
  /** Whether it knows that the caller has left. */
  wasLeft(): boolean;
  /** Whose number it shows; null: none. */
  shows(): string | null;
}

/** An engine with a phone behind it, under a clock of the test's. */
export interface EngineRig {
  readonly engine: CallEngine;
  readonly phone: ContractPhone;
  /** Lets what is under way arrive, moves the clock, and again lets arrive what follows: give or take a second. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** The phone at the first one rings until somebody acts; at the other it is busy. */
export const RINGS = '+9779851023212';
export const BUSY = '+9779851020011';

const RING_MS = 20_000;
const TALK_MS = 60_000;
/** Long enough for whatever is under way. */
const SHORTLY = 1_000;

/** What every implementation of `CallEngine` must do. `open` makes one with nothing under way. */
export function engineContract(name: string, open: () => Promise<EngineRig>): void {
  describe(`${name} is a call engine`, () => {
    let rig: EngineRig;
    beforeEach(async () => {
      rig = await open();
    });
    afterEach(() => rig.close());

    function place(over: Partial<CallPlan> = {}, signal = new AbortController().signal) {
      const events: CallEvent[] = [];
      const plan = { id: 'd1', accountId: 'a1', to: RINGS, from: '+97714567890', anonymous: false };
      const call = rig.engine.place(
        { ...plan, ringMs: RING_MS, talkMs: TALK_MS, ...over },
        (event) => events.push(event),
        signal,
      );
      const kinds = () => events.map(({ kind }) => kind);
      const end = (): CallEnd | undefined => events.flatMap((event) => (event.kind === 'ended' ? [event.end] : []))[0];
      return { call, events, kinds, end };
    }

    async function ringing(...args: Parameters<typeof place>) {
      const placed = place(...args);
      await rig.pass(SHORTLY);
      expect(placed.kinds()).toEqual(['ringing']);
      return placed;
    }

    async function talking(...args: Parameters<typeof place>) {
      const placed = await ringing(...args);
      rig.phone.answer();
      await rig.pass(SHORTLY);
      expect(placed.kinds()).toEqual(['ringing', 'answered']);
      return placed;
    }

    it('tells nothing before place has returned', async () => {
      const calls = [place(), place({ to: BUSY }), place({}, AbortSignal.abort())];
      expect(calls.map(({ events }) => events)).toEqual([[], [], []]);
      await rig.pass(SHORTLY);
      for (const { events } of calls) expect(events.length).toBeGreaterThan(0);
    });

    it('lets the callee hang up', async () => {
      const { events, end } = await talking();
      rig.phone.hangUp();
      await rig.pass(SHORTLY);
      expect(end()).toMatchObject({ outcome: 'completed', sipStatus: null, retry: 'never' });
      const times = events.map(({ at }) => at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    });

    it('hangs up, and the callee knows', async () => {
      const { call, end } = await talking();
      call.hangUp();
      await rig.pass(SHORTLY);
      expect(end()).toMatchObject({ outcome: 'completed', sipStatus: null });
      expect(rig.phone.wasLeft()).toBe(true);
    });

    it('is told that the callee is busy', async () => {
      const { end, kinds } = place({ to: BUSY });
      await rig.pass(SHORTLY);
      expect(kinds().at(-1)).toBe('ended');
      expect(end()).toMatchObject({ outcome: 'rejected', sipStatus: 486, retry: 'never' });
    });

    it('is told that the callee says no', async () => {
      const { end, kinds } = await ringing();
      rig.phone.reject();
      await rig.pass(SHORTLY);
      expect(kinds()).toEqual(['ringing', 'ended']);
      expect(end()).toMatchObject({ outcome: 'rejected', retry: 'never' });
      expect(end()?.sipStatus).toBeGreaterThanOrEqual(400);
    });

    it('cancels when it has rung for as long as it may', async () => {
      const { end, kinds } = await ringing();
      await rig.pass(RING_MS - 3 * SHORTLY);
      expect(kinds()).toEqual(['ringing']);
      await rig.pass(4 * SHORTLY);
      expect(end()).toMatchObject({ outcome: 'cancelled', sipStatus: 487 });
      expect(rig.phone.wasLeft()).toBe(true);
    });

    it('cancels a call that is hung up before the answer', async () => {
      const { call, end } = await ringing();
      call.hangUp();
      await rig.pass(SHORTLY);
      expect(end()).toMatchObject({ outcome: 'cancelled' });
      expect(rig.phone.wasLeft()).toBe(true);
    });

    it('ends a call that lasts too long', async () => {
      const { end, kinds } = await talking();
      await rig.pass(TALK_MS - 3 * SHORTLY);
      expect(kinds()).toEqual(['ringing', 'answered']);
      await rig.pass(4 * SHORTLY);
      expect(end()).toMatchObject({ outcome: 'completed' });
      expect(rig.phone.wasLeft()).toBe(true);
    });

    it('takes an abort for a hang-up, whenever it comes', async () => {
      const early = place({}, AbortSignal.abort());
      await rig.pass(SHORTLY);
      expect(early.kinds()).toEqual(['ended']);
      expect(early.end()).toMatchObject({ outcome: 'cancelled' });

      const first = new AbortController();
      const rings = await ringing({}, first.signal);
      first.abort();
      await rig.pass(SHORTLY);
      expect(rings.end()).toMatchObject({ outcome: 'cancelled' });

      const second = new AbortController();
      const talks = await talking({}, second.signal);
      second.abort();
      await rig.pass(SHORTLY);
      expect(talks.end()).toMatchObject({ outcome: 'completed' });
    });

    it('hears each key once, in order', async () => {
      const { events } = await talking();
      for (const key of ['1', '1', '#', '0', '*']) {
        rig.phone.press(key);
        await rig.pass(SHORTLY);
      }
      const keys = events.flatMap((event) => (event.kind === 'key' ? [event.key] : []));
      expect(keys).toEqual(['1', '1', '#', '0', '*']);
    });

    it('keeps what is played before the answer until then, and says once that it was heard', async () => {
      const placed = place();
      placed.call.play([silence(1_500), silence(1_500)]);
      await rig.pass(10 * SHORTLY);
      expect(placed.kinds()).toEqual(['ringing']);
      rig.phone.answer();
      await rig.pass(SHORTLY);
      expect(placed.kinds()).toEqual(['ringing', 'answered']);
      await rig.pass(4 * SHORTLY);
      expect(placed.kinds()).toEqual(['ringing', 'answered', 'played']);
    });

    it('plays in place of what was playing; of that, and of nothing, no end is told', async () => {
      const { call, kinds } = await talking();
      call.play([silence(10_000)]);
      await rig.pass(SHORTLY);
      call.play([silence(5_000)]);
      await rig.pass(12 * SHORTLY);
      expect(kinds()).toEqual(['ringing', 'answered', 'played']);
      call.play([silence(5_000)]);
      call.play([]);
      await rig.pass(12 * SHORTLY);
      expect(kinds()).toEqual(['ringing', 'answered', 'played']);
    });

    it('tells nothing after the end, and then does nothing', async () => {
      const { call, kinds } = await talking();
      call.play([silence(2_000)]);
      rig.phone.hangUp();
      await rig.pass(SHORTLY);
      call.play([silence(2_000)]);
      call.hangUp();
      await rig.pass(TALK_MS + 10 * SHORTLY);
      expect(kinds()).toEqual(['ringing', 'answered', 'ended']);
    });

    it('shows the caller, unless it hides', async () => {
      await ringing();
      expect(rig.phone.shows()).toBe('+97714567890');
      await ringing({ anonymous: true });
      expect(rig.phone.shows()).toBeNull();
    });

    it('counts its free lines, and says when one comes free', async () => {
      const { free, state, trouble } = rig.engine.status();
      expect({ state, trouble }).toEqual({ state: 'up', trouble: null });
      let told = 0;
      rig.engine.onFree(() => {
        told += 1;
      });
      const one = await ringing();
      const other = await ringing();
      expect(rig.engine.status().free).toBe(free - 2);
      const before = told;
      one.call.hangUp();
      await rig.pass(SHORTLY);
      expect(rig.engine.status().free).toBe(free - 1);
      expect(told).toBeGreaterThan(before);
      other.call.hangUp();
      await rig.pass(SHORTLY);
      expect(rig.engine.status().free).toBe(free);
    });

    it('when it closes it takes no more, gives calls their time, then hangs up', async () => {
      const { end, kinds } = await talking();
      let closed = false;
      const closing = rig.engine.close(10_000).then(() => {
        closed = true;
      });
      expect(rig.engine.status()).toMatchObject({ state: 'down', free: 0 });
      const late = place();
      await rig.pass(7 * SHORTLY);
      expect(late.end()).toMatchObject({ outcome: 'failed', retry: 'elsewhere' });
      expect(kinds()).toEqual(['ringing', 'answered']);
      expect(closed).toBe(false);
      await rig.pass(5 * SHORTLY);
      expect(end()).toMatchObject({ outcome: 'completed' });
      await closing;
    });

    it('when it closes it waits no longer than for the last call', async () => {
      const { end } = await talking();
      const closing = rig.engine.close(600_000);
      rig.phone.hangUp();
      await rig.pass(SHORTLY);
      expect(end()).toMatchObject({ outcome: 'completed' });
      await closing;
    });
  });
}
