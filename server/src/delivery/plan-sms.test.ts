import { describe, expect, it } from 'vitest';
import type { PartResult } from '../sms/carrier.ts';
import { type SmsJob, smsJob } from './job.ts';
import { planSms, RECEIPT_GRACE_MS, type Tried } from './plan-sms.ts';
import { RETRY_WAITS_MS } from './retries.ts';

const NOW = 1_770_000_000_000;
const EXPIRES = NOW + 300_000;

function job(parts = 1): SmsJob {
  const payload = new Uint8Array([1]);
  const sms = {
    id: 'd',
    accountId: 'a',
    to: '+9779851023212',
    from: null,
    text: 'x',
    encoding: 'gsm7' as const,
    parts: Array.from({ length: parts }, (_, i) => ({ payload, index: i + 1, total: parts, reference: 7 })),
    expiresAt: EXPIRES,
  };
  return smsJob({ accountId: 'a', deliveryId: 'd', mode: 'live', node: 'n', via: null }, sms);
}

const at = (carrier: string, all: readonly string[] = [carrier], receipts = true): Tried => ({
  carrier,
  receipts,
  all,
});
const accepted = (messageId: string | null = 'A1'): PartResult => ({ outcome: 'accepted', messageId });
const refused = (retry: 'never' | 'elsewhere' | 'later', code = 8): PartResult => ({ outcome: 'refused', code, retry });
const unknown: PartResult = { outcome: 'unknown' };

function next(of: SmsJob, tried: Tried, results: readonly PartResult[], now = NOW) {
  const plan = planSms(
    of,
    tried,
    of.sms.parts.filter((p) => !of.taken.has(p.index)),
    results,
    now,
  );
  return plan.kind === 'tried' ? plan.next : plan.kind;
}

describe('a message that was taken', () => {
  it('waits for receipts of all its parts, a while past the code’s death', () => {
    expect(next(job(2), at('c'), [accepted('A'), accepted('B')])).toEqual({
      kind: 'await_receipt',
      until: EXPIRES + RECEIPT_GRACE_MS,
      parts: 2,
    });
  });

  it('waits for one receipt of parts that were taken as one message', () => {
    expect(next(job(3), at('c'), [accepted('A'), accepted('A'), accepted('A')])).toMatchObject({ parts: 1 });
  });

  it('is sent for good when the carrier reports nothing, or gave no id to report on', () => {
    const sent = { kind: 'final', state: 'sent', reason: null };
    expect(next(job(), at('c', ['c'], false), [accepted()])).toEqual(sent);
    expect(next(job(2), at('c'), [accepted('A'), accepted(null)])).toEqual(sent);
  });

  it('in part only: the rest goes again to the same carrier, and the receipts of both tries count', () => {
    const one = job(2);
    expect(next(one, at('c'), [accepted('A'), refused('later')])).toEqual({ kind: 'retry', dueAt: NOW + 2_000 });
    expect(one.taken).toEqual(new Map([[1, 'A']]));
    expect(next(one, at('c'), [accepted('B')])).toMatchObject({ kind: 'await_receipt', parts: 2 });
  });

  it('in part, then by another carrier: that one gets all of it', () => {
    const one = job(2);
    next(one, at('c', ['c', 'd']), [accepted('A'), refused('elsewhere')]);
    planSms(one, at('d', ['c', 'd']), one.sms.parts, [accepted('X'), refused('later')], NOW);
    expect(one.taken).toEqual(new Map([[1, 'X']]));
  });
});

describe('a message that was refused', () => {
  it('for good, ends at once', () => {
    expect(next(job(), at('c', ['c', 'd']), [refused('never')])).toEqual({
      kind: 'final',
      state: 'failed',
      reason: 'carrier_refused',
    });
  });

  it('here, goes to another carrier at once, and fails when none is left', () => {
    const one = job();
    expect(next(one, at('c', ['c', 'd']), [refused('elsewhere')])).toEqual({ kind: 'retry', dueAt: NOW });
    expect(next(one, at('d', ['c', 'd']), [refused('elsewhere')])).toMatchObject({ state: 'failed' });
  });

  it('for now, asks everyone else at once, then waits longer and longer while the code lives', () => {
    const one = job();
    expect(next(one, at('c', ['c', 'd']), [refused('later')])).toEqual({ kind: 'retry', dueAt: NOW });
    const waits: number[] = [];
    let now = NOW;
    for (;;) {
      const step = next(one, at('d', ['d']), [refused('later')], now);
      if (typeof step === 'string' || step.kind !== 'retry') {
        expect(step).toEqual({ kind: 'final', state: 'failed', reason: 'carrier_error' });
        break;
      }
      waits.push(step.dueAt - now);
      now = step.dueAt;
    }
    expect(waits.slice(0, 4)).toEqual([...RETRY_WAITS_MS, RETRY_WAITS_MS.at(-1)]);
    expect(now).toBeLessThan(EXPIRES);
  });
});

describe('a message without an answer', () => {
  it('is sent once more, and never a third time', () => {
    const one = job();
    expect(next(one, at('c', ['c', 'd']), [unknown])).toEqual({ kind: 'retry', dueAt: NOW });
    expect(next(one, at('d', ['c', 'd']), [unknown])).toEqual({
      kind: 'final',
      state: 'failed',
      reason: 'outcome_unknown',
    });
    expect(one.doubts).toBe(2);
  });

  it('counts a doubt that was inherited from a node that stopped', () => {
    expect(next({ ...job(), doubts: 1 }, at('c'), [unknown])).toMatchObject({
      kind: 'final',
      reason: 'outcome_unknown',
    });
  });

  it('waits when there is no other carrier', () => {
    expect(next(job(), at('c'), [unknown])).toEqual({ kind: 'retry', dueAt: NOW + 2_000 });
  });
});

it('notes no try when nothing left the machine', () => {
  const one = job();
  expect(next(one, at('c'), [{ outcome: 'not_sent' }])).toBe('untried');
  expect(one.tries).toBe(0);
});
