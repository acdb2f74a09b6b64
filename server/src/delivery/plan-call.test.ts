import { describe, expect, it } from 'vitest';
import type { CallEnd } from '../voice/calls/call-engine.ts';
import { callJob } from './job.ts';
import { callAttempt, planCall } from './plan-call.ts';

const NOW = 1_770_000_000_000;
const whose = { accountId: 'a', deliveryId: 'd', mode: 'live', node: 'n', via: null } as const;
const plan = {
  id: 'd',
  accountId: 'a',
  to: '+9779851023212',
  from: null,
  anonymous: false,
  ringMs: 30_000,
  talkMs: 60_000,
};
const script = { intro: [], code: [], replayPrompt: [], outro: [], maxReplays: 0, autoReplay: false };
const job = (ttlMs = 300_000) => callJob(whose, { plan, script, expiresAt: NOW + ttlMs });
const end = (over: Partial<CallEnd>): CallEnd => {
  return { outcome: 'failed', sipStatus: null, reason: '', cause: null, retry: 'never', ...over };
};

describe('planCall', () => {
  it.each([
    ['completed', 'delivered', null],
    ['cancelled', 'undelivered', 'call_unanswered'],
    ['rejected', 'undelivered', 'call_rejected'],
    ['failed', 'failed', 'call_failed'],
  ] as const)('ends a call that was %s as %s', (outcome, state, reason) => {
    // Whatever `retry` says: it means something with a failure alone.
    const said = end({ outcome, ...(outcome !== 'failed' && { retry: 'elsewhere' }) });
    expect(planCall(job(), 't1', ['t1', 't2'], said, NOW)).toEqual({ kind: 'final', state, reason });
  });

  it('asks the other trunk at once, then both again after 2, 5 and 10 s, and then gives up', () => {
    const one = job();
    const refuse = (trunk: string, at: number) =>
      planCall(one, trunk, ['t1', 't2'], end({ sipStatus: 503, retry: 'elsewhere' }), at);
    expect(refuse('t1', NOW)).toEqual({ kind: 'retry', dueAt: NOW });
    for (const wait of [2_000, 5_000, 10_000]) {
      expect(refuse('t2', NOW)).toEqual({ kind: 'retry', dueAt: NOW + wait });
      expect(refuse('t1', NOW)).toEqual({ kind: 'retry', dueAt: NOW });
    }
    expect(refuse('t2', NOW)).toEqual({ kind: 'final', state: 'failed', reason: 'call_failed' });
    expect(one.tries).toBe(8);
  });

  it('does not wait for a code that is dead by then', () => {
    const next = planCall(job(2_000), 't1', ['t1'], end({ retry: 'elsewhere' }), NOW);
    expect(next).toEqual({ kind: 'final', state: 'failed', reason: 'call_failed' });
  });

  it('tries once more, and not twice, where nobody can say whether it rang', () => {
    const one = job();
    const unknown = end({ retry: 'unknown' });
    expect(planCall(one, 't1', ['t1', 't2'], unknown, NOW)).toEqual({ kind: 'retry', dueAt: NOW });
    const last = planCall(one, 't2', ['t1', 't2'], unknown, NOW);
    expect(last).toEqual({ kind: 'final', state: 'failed', reason: 'outcome_unknown' });
  });
});

describe('callAttempt', () => {
  it.each([
    [end({ outcome: 'completed' }), 'accepted', null],
    [end({ outcome: 'rejected', sipStatus: 486 }), 'accepted', 486],
    [end({ sipStatus: 503, retry: 'elsewhere' }), 'refused', 503],
    [end({ retry: 'unknown' }), 'unknown', null],
  ] as const)('is a row of one part', (said, outcome, code) => {
    expect(callAttempt(said)).toEqual({ part: 1, outcome, code, messageId: null });
  });
});
