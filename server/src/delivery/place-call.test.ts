import { describe, expect, it } from 'vitest';
import { silentLog } from '../observe/log.ts';
import type { Outcome } from '../rules/outcome.ts';
import type { SettleVerdict } from '../rules/settle.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { makeClip } from '../voice/audio/make-clip.ts';
import type { Call, CallEnd, CallEngine, CallEvent } from '../voice/calls/call-engine.ts';
import { conclusions } from './conclusions.ts';
import { dispatcher } from './dispatcher.ts';
import { callJob } from './job.ts';
import { placeCall } from './place-call.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const COMPLETED: CallEnd = { outcome: 'completed', sipStatus: null, reason: '', cause: 16, retry: 'never' };
const REFUSED: CallEnd = { outcome: 'failed', sipStatus: 503, reason: 'Busy', cause: null, retry: 'elsewhere' };

/** A trunk whose calls do what the test says. */
function stageTrunk(name: string, free = 10) {
  const stage = { free };
  const calls: { say(event: CallEvent): void; hungUp: boolean }[] = [];
  const engine: CallEngine = {
    name,
    place(_plan, listener, signal): Call {
      const call = { say: listener, hungUp: false };
      calls.push(call);
      const hangUp = () => {
        call.hungUp = true;
      };
      signal.addEventListener('abort', hangUp);
      return { play() {}, hangUp };
    },
    status: () => ({ state: 'up', free: stage.free, trouble: null }),
    onFree() {},
    async close() {},
  };
  return Object.assign(stage, { engine, calls });
}

function stage(trunks: readonly ReturnType<typeof stageTrunk>[], verdictOn?: (outcome: Outcome) => SettleVerdict) {
  const clock = new ManualClock();
  const saved: Outcome[] = [];
  const settlement = {
    async outcome(outcome: Outcome): Promise<SettleVerdict> {
      saved.push(outcome);
      return verdictOn?.(outcome) ?? { kind: 'applied', state: 'queued' };
    },
  };
  const lease = { node: 'me', valid: () => true, start: async () => {}, stop: async () => {} };
  const shared = { conclusions: conclusions({ settlement, clock, log: silentLog }), lease, clock };
  const routes = { routes: () => trunks.map(({ engine }, priority) => ({ uplink: engine, priority })) };
  const calls = dispatcher({ ...shared, routes, attempt: placeCall(shared) });
  const code = makeClip(new Int16Array(800));
  calls.take(
    callJob(
      { accountId: 'a', deliveryId: 'd', mode: 'live', node: 'me', via: null },
      {
        plan: {
          id: 'd',
          accountId: 'a',
          to: '+9779851023212',
          from: null,
          anonymous: false,
          ringMs: 30_000,
          talkMs: 60_000,
        },
        script: { intro: [], code: [code], replayPrompt: [], outro: [], maxReplays: 0, autoReplay: false },
        expiresAt: clock.now() + 300_000,
      },
    ),
  );
  return { clock, saved, calls };
}

describe('placeCall', () => {
  it('writes the answer down while the call goes on, and the end after it', async () => {
    const trunk = stageTrunk('t1');
    const { saved, calls } = stage([trunk]);
    const [call] = trunk.calls;
    call?.say({ kind: 'ringing', at: 1 });
    call?.say({ kind: 'answered', at: 2 });
    await turn();
    expect(saved).toMatchObject([
      {
        attempt: { n: 1, carrier: 't1', parts: [{ outcome: 'accepted' }] },
        call: { ringingAt: 1, answeredAt: 2, endedAt: null, outcome: null },
        next: { kind: 'in_call', until: 2 + 60_000 + 60_000 },
      },
    ]);
    expect(calls.holding).toBe(1);
    call?.say({ kind: 'ended', at: 9, end: COMPLETED });
    await turn();
    expect(saved[1]).toMatchObject({
      attempt: null,
      call: { ringingAt: 1, answeredAt: 2, endedAt: 9, outcome: 'completed', cause: 16 },
      next: { kind: 'final', state: 'delivered' },
    });
    expect(calls.holding).toBe(0);
  });

  it('writes the end after the answer, however fast it comes', async () => {
    const trunk = stageTrunk('t1');
    const { saved } = stage([trunk]);
    trunk.calls[0]?.say({ kind: 'answered', at: 2 });
    trunk.calls[0]?.say({ kind: 'ended', at: 3, end: COMPLETED });
    await turn();
    expect(saved.map(({ next }) => next.kind)).toEqual(['in_call', 'final']);
  });

  it('dials again through another trunk, once the first try is written down', async () => {
    const [one, two] = [stageTrunk('t1'), stageTrunk('t2')];
    const { saved } = stage([one, two]);
    one.calls[0]?.say({ kind: 'ended', at: 3, end: REFUSED });
    expect(two.calls).toHaveLength(0);
    await turn();
    expect(saved).toMatchObject([
      {
        attempt: { n: 1, carrier: 't1', parts: [{ outcome: 'refused', code: 503 }] },
        next: { kind: 'retry' },
      },
    ]);
    expect(saved[0]?.call).toBeUndefined();
    expect(two.calls).toHaveLength(1);
    two.calls[0]?.say({ kind: 'ended', at: 4, end: { ...REFUSED, outcome: 'rejected', sipStatus: 486 } });
    await turn();
    expect(saved[1]).toMatchObject({
      attempt: { n: 2, carrier: 't2' },
      next: { state: 'undelivered', reason: 'call_rejected' },
    });
  });

  it('hangs up when another node has taken the call over meanwhile: one code, one call', async () => {
    const trunk = stageTrunk('t1');
    stage([trunk], () => ({ kind: 'stale' }));
    trunk.calls[0]?.say({ kind: 'answered', at: 2 });
    expect(trunk.calls[0]?.hungUp).toBe(false);
    await turn();
    expect(trunk.calls[0]?.hungUp).toBe(true);
  });

  it('stops ringing when its code is not wanted any more, and lets go on what was answered', async () => {
    const [ringing, answered] = [stageTrunk('t1'), stageTrunk('t2')];
    const waits = stage([ringing]);
    ringing.calls[0]?.say({ kind: 'ringing', at: 1 });
    const talks = stage([answered]);
    answered.calls[0]?.say({ kind: 'answered', at: 2 });
    for (const { calls } of [waits, talks]) calls.withdraw(new Set(['d']));
    expect([ringing.calls[0]?.hungUp, answered.calls[0]?.hungUp]).toEqual([true, false]);
    ringing.calls[0]?.say({ kind: 'ended', at: 3, end: { ...COMPLETED, outcome: 'cancelled' } });
    await turn();
    expect(waits.saved).toMatchObject([{ next: { kind: 'final', state: 'expired', reason: 'code_expired' } }]);
  });

  it('waits for a free line, and expires with its code', async () => {
    const trunk = stageTrunk('t1', 0);
    const { clock, saved, calls } = stage([trunk]);
    expect(calls.queued).toBe(1);
    clock.advance(300_000);
    await turn();
    expect(trunk.calls).toHaveLength(0);
    expect(saved).toMatchObject([{ attempt: null, next: { state: 'expired', reason: 'code_expired' } }]);
  });

  it('gives up half a minute after the first failure, with what is known of it, when no trunk takes it meanwhile', async () => {
    const trunk = stageTrunk('t1');
    const { clock, saved, calls } = stage([trunk]);
    trunk.free = 0;
    trunk.calls[0]?.say({ kind: 'ended', at: clock.now(), end: REFUSED });
    await turn();
    for (let i = 0; i < 31; i += 1) clock.advance(1_000);
    await turn();
    expect(trunk.calls).toHaveLength(1);
    expect(saved[1]).toMatchObject({
      ...{ attempt: null, call: { outcome: 'failed', sipStatus: 503 } },
      next: { kind: 'final', state: 'failed', reason: 'call_failed' },
    });
    expect(calls.holding).toBe(0);
  });
});
