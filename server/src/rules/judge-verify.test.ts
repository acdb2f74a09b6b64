import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountKey, type Replay } from './accept.ts';
import { FAILURE_WINDOW_MS, withFailure } from './failures.ts';
import { judgeVerify } from './judge-verify.ts';
import type { VerificationRow } from './verification.ts';
import type { VerifyRequest, VerifyState, VerifyVerdict, Wrong } from './verify.ts';

const NOW = 1_770_000_000_000;
const KEY = accountKey('acme', 'v');

function row(over: Partial<VerificationRow> = {}): VerificationRow {
  return {
    ...{ accountId: 'acme', id: 'v', state: 'pending', failures: 0, maxAttempts: 5, expiresAt: NOW + 300_000 },
    ...{ deliveryId: 'd', sends: 1, lastSentAt: NOW, step: 0, dueAt: NOW + 300_000, callback: false, converted: null },
    steps: [{ channel: 'sms', carrier: null, waitMs: 0 }],
    ...over,
  };
}

function state(verification: VerificationRow | null, over: Partial<VerifyState> = {}): VerifyState {
  const verifications = new Map(verification ? [[KEY, verification]] : []);
  return { verifications, failures: new Map(), replays: new Map(), ...over };
}

function check(right: boolean, replay: Replay | null = null): VerifyRequest {
  const failures = [{ subject: 'n', most: 20 }];
  return { kind: 'check', accountId: 'acme', id: 'v', right, failures, replay };
}

function wrong(remaining: number): Wrong {
  return { kind: 'wrong', state: 'pending', remaining };
}

function results(verdicts: readonly VerifyVerdict[]) {
  return verdicts.map((verdict) => (verdict.judged ? verdict.result : verdict.refusal.code));
}

describe('checks', () => {
  it('approve once, with the first right one', () => {
    const { verdicts, writes } = judgeVerify([check(false), check(true), check(true)], state(row()), NOW);
    expect(results(verdicts)).toEqual([wrong(4), { kind: 'approved' }, { kind: 'final', state: 'approved' }]);
    expect(writes.verifications.get(KEY)).toMatchObject({ state: 'approved', failures: 1, dueAt: null });
  });

  it('end with the last wrong one that is allowed, and look at no code after it', () => {
    const { verdicts, writes } = judgeVerify([check(false), check(true)], state(row({ failures: 4 })), NOW);
    expect(results(verdicts)).toEqual([
      { kind: 'wrong', state: 'max_attempts_reached', remaining: 0 },
      { kind: 'final', state: 'max_attempts_reached' },
    ]);
    expect(writes.verifications.get(KEY)).toMatchObject({ state: 'max_attempts_reached', failures: 5 });
  });

  it('find a code dead at the instant of its expiry, and not before', () => {
    const { expiresAt } = row();
    expect(results(judgeVerify([check(true)], state(row()), expiresAt - 1).verdicts)).toEqual([{ kind: 'approved' }]);
    expect(results(judgeVerify([check(true)], state(row()), expiresAt).verdicts)).toEqual([
      { kind: 'final', state: 'expired' },
    ]);
  });

  it('say how many are left before the number is locked where that is fewer, and that none is of the one that locks it', () => {
    const eighteen = Array.from({ length: 18 }, (_, i) => NOW - 20_000 + i);
    // One more, of two days ago, decides nothing.
    const failures = new Map([[accountKey('acme', 'n'), [NOW - 2 * FAILURE_WINDOW_MS, ...eighteen]]]);
    const { verdicts, writes } = judgeVerify(
      [check(false), check(false), check(true)],
      state(row(), { failures }),
      NOW,
    );
    expect(results(verdicts)).toEqual([wrong(1), wrong(0), 'rate_limited']);
    expect(writes.verifications.get(KEY)).toMatchObject({ state: 'pending', failures: 2 });
  });

  it('are not judged while their number is locked, and count nothing then', () => {
    const failures = new Map([[accountKey('acme', 'n'), Array.from({ length: 20 }, (_, i) => NOW - 20_000 + i)]]);
    const { verdicts, writes } = judgeVerify([check(true), check(false)], state(row(), { failures }), NOW);
    expect(verdicts).toEqual(
      [0, 1].map(() => ({
        judged: false,
        refusal: {
          code: 'rate_limited',
          detail: { limit: 'failures', retryAfterMs: FAILURE_WINDOW_MS - 20_000 },
        },
      })),
    );
    expect(writes.verifications.size + writes.failures.size).toBe(0);
  });

  it('forget failures that are a day old', () => {
    const old = [NOW - FAILURE_WINDOW_MS, NOW - FAILURE_WINDOW_MS + 1];
    const failures = new Map([[accountKey('acme', 'n'), old]]);
    const { writes } = judgeVerify([check(false)], state(row(), { failures }), NOW);
    expect(writes.failures.get(accountKey('acme', 'n'))).toEqual([old[1], NOW]);
  });

  it('keep no more failures than lock', () => {
    // No check adds to so many, for they lock: this bounds the row, whoever wrote it.
    const stored = Array.from({ length: 25 }, (_, i) => NOW - 25 + i);
    expect(withFailure(stored, { subject: 'n', most: 20 }, NOW)).toEqual([...stored.slice(-19), NOW]);
  });

  it('evaluate, in any order and split into any batches, no more than allowed and approve at most once', () => {
    const runs = fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), { maxLength: 8 });
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 10 }), (batches, maxAttempts) => {
        let kept = row({ maxAttempts });
        const seen = batches.flatMap((batch) => {
          const { verdicts, writes } = judgeVerify(
            batch.map((right) => check(right)),
            state(kept),
            NOW,
          );
          kept = writes.verifications.get(KEY) ?? kept;
          return results(verdicts);
        });
        const refused = seen.filter((one) => typeof one === 'object' && one.kind === 'wrong');
        const approved = seen.filter((one) => typeof one === 'object' && one.kind === 'approved');
        expect(refused.length).toBeLessThanOrEqual(maxAttempts);
        expect(refused).toMatchObject(refused.map((_, i) => ({ remaining: maxAttempts - 1 - i })));
        expect(approved.length).toBeLessThanOrEqual(1);
        // What comes first decides: a right check before the last wrong one, or that one.
        const flat = batches.flat();
        const firstRight = flat.indexOf(true);
        const wrongBefore = firstRight === -1 ? flat.length : firstRight;
        expect(approved.length).toBe(firstRight !== -1 && wrongBefore < maxAttempts ? 1 : 0);
        expect(kept.failures).toBe(refused.length);
      }),
    );
  });
});

describe('wishes', () => {
  const whose = { accountId: 'acme', id: 'v', replay: null };

  it('cancel what runs, and nothing else', () => {
    const cancel = { ...whose, kind: 'cancel' } as const;
    expect(results(judgeVerify([cancel, cancel, check(true)], state(row()), NOW).verdicts)).toEqual([
      { kind: 'done', state: 'canceled' },
      { kind: 'final', state: 'canceled' },
      { kind: 'final', state: 'canceled' },
    ]);
    expect(results(judgeVerify([cancel], state(null), NOW).verdicts)).toEqual([{ kind: 'not_found' }]);
  });

  it('tell of each end once, to whoever asked to be told', () => {
    const { verdicts, writes } = judgeVerify([check(true), check(true)], state(row({ callback: true })), NOW);
    const due = { accountId: 'acme', id: 'v.approved', event: 'verification.approved', createdAt: NOW };
    expect(writes.callbacks).toEqual([expect.objectContaining(due)]);
    expect(verdicts.map((verdict) => verdict.judged && verdict.callback !== undefined)).toEqual([true, false]);
    expect(judgeVerify([check(true)], state(row()), NOW).writes.callbacks).toEqual([]);
  });

  it('end nothing as expired that has not, by this clock', () => {
    const expired = { ...whose, kind: 'end', state: 'expired' } as const;
    const undeliverable = { ...whose, kind: 'end', state: 'undeliverable', seenDueAt: row().dueAt } as const;
    expect(results(judgeVerify([expired, undeliverable, expired], state(row()), NOW).verdicts)).toEqual([
      { kind: 'done', state: 'pending' },
      { kind: 'done', state: 'undeliverable' },
      { kind: 'final', state: 'undeliverable' },
    ]);
  });

  it('change nothing for a look that something has overtaken', () => {
    const seenDueAt = (row().dueAt ?? 0) + 1;
    const overtaken = [
      { ...whose, kind: 'end', state: 'undeliverable', seenDueAt },
      { ...whose, kind: 'postpone', dueAt: NOW + 99_000, seenDueAt },
    ] as const;
    const { verdicts, writes } = judgeVerify(overtaken, state(row()), NOW);
    expect(results(verdicts)).toEqual([
      { kind: 'done', state: 'pending' },
      { kind: 'done', state: 'pending' },
    ]);
    expect(writes.verifications.size).toBe(0);
    const { dueAt } = row();
    const first = { ...whose, kind: 'postpone', dueAt: NOW + 5_000, seenDueAt: dueAt } as const;
    const second = { ...first, dueAt: NOW + 99_000 };
    expect(judgeVerify([first, second], state(row()), NOW).writes.verifications.get(KEY)?.dueAt).toBe(NOW + 5_000);
  });

  it('take feedback also of what has ended, and keep its end', () => {
    const feedback = { ...whose, kind: 'feedback', converted: true } as const;
    const ended = row({ state: 'approved', dueAt: null, failures: 2 });
    const { verdicts, writes } = judgeVerify([feedback], state(ended), NOW);
    expect(results(verdicts)).toEqual([{ kind: 'done', state: 'approved' }]);
    expect(writes.verifications.get(KEY)).toEqual({ ...ended, converted: true });
  });
});

describe('idempotency keys', () => {
  const replay = (bodyDigest = 'same'): Replay => ({ key: 'k', bodyDigest, keepMs: 1000 });

  it('count a check once, in a batch and after it', () => {
    const { verdicts, writes } = judgeVerify([check(false, replay()), check(false, replay())], state(row()), NOW);
    expect(results(verdicts)).toEqual([wrong(4), wrong(4)]);
    expect(writes.verifications.get(KEY)?.failures).toBe(1);
    const later = judgeVerify([check(true, replay('other')), check(false, replay())], state(row(), writes), NOW + 999);
    expect(results(later.verdicts)).toEqual(['idempotency_mismatch', wrong(4)]);
    const after = judgeVerify([check(true, replay())], state(row(), writes), NOW + 1000);
    expect(results(after.verdicts)).toEqual([{ kind: 'approved' }]);
  });

  it('remember neither that there was nothing, nor a refusal', () => {
    const failures = new Map([[accountKey('acme', 'n'), Array.from({ length: 20 }, () => NOW)]]);
    expect(judgeVerify([check(true, replay())], state(null), NOW).writes.replays.size).toBe(0);
    expect(judgeVerify([check(true, replay())], state(row(), { failures }), NOW).writes.replays.size).toBe(0);
  });
});
