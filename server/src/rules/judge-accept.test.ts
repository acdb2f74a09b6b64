import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AcceptRequest,
  type AcceptState,
  accountKey,
  balanceKey,
  type Replay,
  type VerificationStart,
} from './accept.ts';
import { available, judgeAccept, NUMBER_COUNTER } from './judge-accept.ts';

const NOW = 1_770_000_000_000;
let serial = 0;

function request(over: Partial<AcceptRequest> = {}): AcceptRequest {
  const id = `${++serial}`;
  return {
    accountId: 'acme',
    otpId: `otp-${id}`,
    deliveryId: `delivery-${id}`,
    dialect: 'tingting',
    mode: 'test',
    channel: 'sms',
    numberDigest: 'n',
    numberSealed: 'ns',
    contentSealed: 'cs',
    codeDigest: 'cd',
    verification: null,
    via: null,
    options: '{}',
    pool: 'sms',
    credits: 1,
    needed: over.credits ?? 1,
    segments: 1,
    call: null,
    callback: false,
    maxAttempts: 5,
    createdAt: NOW,
    expiresAt: NOW + 300_000,
    sendUntil: NOW + 300_000,
    keepContentUntil: NOW + 86_400_000,
    numbered: false,
    limits: [],
    replay: null,
    ...over,
  };
}

function state(over: Partial<AcceptState> = {}): AcceptState {
  const none = new Map<string, never>();
  return { balances: none, counters: none, limits: none, replays: none, verifications: none, failures: none, ...over };
}

function funded(granted: number, held = 0, captured = 0): AcceptState {
  return state({ balances: new Map([[balanceKey('acme', 'sms'), { granted, held, captured }]]) });
}

const replay = (key: string, bodyDigest = 'same'): Replay => ({ key, bodyDigest, keepMs: 86_400_000 });

describe('credits', () => {
  it('accepts as many of 64 as the credits allow, and holds exactly those', () => {
    const batch = Array.from({ length: 64 }, () => request());
    const { verdicts, writes } = judgeAccept(batch, funded(10), NOW);
    expect(verdicts.filter((v) => v.accepted)).toHaveLength(10);
    expect(writes.inserts).toHaveLength(10);
    expect(writes.balances.get(balanceKey('acme', 'sms'))).toEqual({ granted: 10, held: 10, captured: 0 });
    expect(verdicts[10]).toEqual({
      accepted: false,
      refusal: { code: 'credits_exhausted', detail: { pool: 'sms', missing: 1 } },
    });
  });

  it('says how many credits are missing, and lets a cheaper send behind a refused one through', () => {
    const { verdicts } = judgeAccept([request({ credits: 5 }), request({ credits: 2 })], funded(3), NOW);
    expect(verdicts[0]).toMatchObject({ refusal: { detail: { missing: 2 } } });
    expect(verdicts[1]).toMatchObject({ accepted: true, available: { sms: 1, voice: 0 } });
  });

  it('has nothing for an account without a balance row', () => {
    expect(judgeAccept([request()], state(), NOW).verdicts[0]).toMatchObject({
      refusal: { code: 'credits_exhausted' },
    });
  });

  it('never holds more than is available, and holds the sum of what it accepts', () => {
    const sends = fc.array(fc.record({ account: fc.constantFrom('a', 'b'), credits: fc.integer({ min: 0, max: 9 }) }));
    fc.assert(
      fc.property(sends, fc.nat(40), fc.nat(40), (wanted, a, b) => {
        const loaded = state({
          balances: new Map([
            [balanceKey('a', 'sms'), { granted: a, held: 0, captured: 0 }],
            [balanceKey('b', 'sms'), { granted: b, held: 0, captured: 0 }],
          ]),
        });
        const batch = wanted.map(({ account, credits }) => request({ accountId: account, credits }));
        const { verdicts, writes } = judgeAccept(batch, loaded, NOW);
        for (const [account, granted] of [
          ['a', a],
          ['b', b],
        ] as const) {
          const held = batch
            .filter((r, i) => r.accountId === account && verdicts[i]?.accepted)
            .reduce((sum, r) => sum + r.credits, 0);
          const balance = writes.balances.get(balanceKey(account, 'sms')) ?? { granted, held: 0, captured: 0 };
          expect(balance.held).toBe(held);
          expect(available(balance)).toBeGreaterThanOrEqual(0);
        }
        expect(writes.inserts.map((i) => i.request)).toEqual(batch.filter((_, i) => verdicts[i]?.accepted));
      }),
    );
  });

  it('judges a batch as it would judge its requests one by one', () => {
    const credits = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(credits, fc.nat(20), (costs, granted) => {
        const batch = costs.map((cost, i) => request({ credits: cost, numbered: i % 2 === 0 }));
        const together = judgeAccept(batch, funded(granted), NOW).verdicts;
        let current = funded(granted);
        const alone = batch.map((one) => {
          const { verdicts, writes } = judgeAccept([one], current, NOW);
          current = state({
            balances: new Map([...current.balances, ...writes.balances]),
            counters: new Map([...current.counters, ...writes.counters]),
          });
          return verdicts[0];
        });
        expect(together).toEqual(alone);
      }),
    );
  });
});

describe('limits', () => {
  const limits = [{ name: 'number', subject: 'n:1', rules: [{ count: 3, periodMs: 600_000 }] }] as const;

  it('refuses the fourth of three, says when to come back, and charges nothing for it', () => {
    const batch = Array.from({ length: 4 }, () => request({ limits }));
    const { verdicts, writes } = judgeAccept(batch, funded(100), NOW);
    expect(verdicts[3]).toEqual({
      accepted: false,
      refusal: { code: 'rate_limited', detail: { limit: 'number', retryAfterMs: 200_000, rule: limits[0].rules[0] } },
    });
    expect(writes.balances.get(balanceKey('acme', 'sms'))?.held).toBe(3);
  });

  it('counts a send that lacks credits against no limit', () => {
    const batch = [request({ limits, credits: 9 }), ...Array.from({ length: 3 }, () => request({ limits }))];
    expect(judgeAccept(batch, funded(3), NOW).verdicts.map((v) => v.accepted)).toEqual([false, true, true, true]);
  });

  it('counts a send that one limit refuses against no other', () => {
    const account = { name: 'account', subject: 'a', rules: [{ count: 4, periodMs: 60_000 }] } as const;
    const batch = Array.from({ length: 5 }, () => request({ limits: [...limits, account] }));
    const { writes } = judgeAccept(batch, funded(100), NOW);
    expect(writes.limits.get(accountKey('acme', 'a'))?.tats).toEqual([NOW + 3 * 15_000]);
  });
});

describe('replays', () => {
  it('acknowledges a duplicate inside the batch with the first one’s ids, and charges once', () => {
    const first = request({ replay: replay('k'), numbered: true });
    const { verdicts, writes } = judgeAccept([first, request({ replay: replay('k'), numbered: true })], funded(5), NOW);
    expect(verdicts[1]).toMatchObject({ accepted: true, fresh: false, otpId: first.otpId, number: 1 });
    expect(writes.inserts).toHaveLength(1);
    expect(writes.balances.get(balanceKey('acme', 'sms'))?.held).toBe(1);
  });

  it('does not acknowledge a duplicate of a request that it refused in the same batch', () => {
    const batch = [request({ replay: replay('k'), credits: 2 }), request({ replay: replay('k'), credits: 2 })];
    const { verdicts, writes } = judgeAccept(batch, funded(1), NOW);
    expect(verdicts.map((v) => v.accepted)).toEqual([false, false]);
    expect(writes.replays.size).toBe(0);
  });

  it('refuses the same key with another body', () => {
    const batch = [request({ replay: replay('k') }), request({ replay: replay('k', 'other') })];
    expect(judgeAccept(batch, funded(5), NOW).verdicts[1]).toMatchObject({ refusal: { code: 'idempotency_mismatch' } });
  });

  it('keeps keys apart by account, and forgets them when their time is over', () => {
    const row = {
      bodyDigest: 'same',
      otpId: 'old',
      deliveryId: 'old',
      number: null,
      answerSealed: null,
      keepUntil: NOW,
    };
    const loaded = { ...funded(5), replays: new Map([[accountKey('acme', 'k'), row]]) };
    expect(judgeAccept([request({ replay: replay('k') })], loaded, NOW - 1).verdicts[0]).toMatchObject({
      otpId: 'old',
    });
    expect(judgeAccept([request({ replay: replay('k') })], loaded, NOW).verdicts[0]).toMatchObject({ fresh: true });
    const foreign = { ...loaded, replays: new Map([[accountKey('else', 'k'), { ...row, keepUntil: NOW + 1 }]]) };
    expect(judgeAccept([request({ replay: replay('k') })], foreign, NOW).verdicts[0]).toMatchObject({ fresh: true });
  });
});

it('draws an account’s numbers without gaps, and none for a refused send', () => {
  const loaded = { ...funded(2), counters: new Map([[accountKey('acme', NUMBER_COUNTER), 41]]) };
  const batch = [request({ numbered: true }), request({ numbered: true, credits: 9 }), request({ numbered: true })];
  const { verdicts, writes } = judgeAccept(batch, loaded, NOW);
  expect(verdicts.map((v) => (v.accepted ? v.number : null))).toEqual([42, null, 43]);
  expect(writes.counters.get(accountKey('acme', NUMBER_COUNTER))).toBe(43);
});

describe('verifications', () => {
  const limits = [
    { name: 'account', subject: 'account', rules: [{ count: 10, periodMs: 60_000 }] },
    { name: 'number', subject: 'n', rules: [{ count: 3, periodMs: 60_000 }] },
  ] as const;
  const start: VerificationStart = {
    ...{ kind: 'start', steps: [{ channel: 'sms', carrier: null, waitMs: 0 }], dueAt: NOW, failures: [] },
    ...{ ipDigest: null, callback: false, callbackSealed: null, metadata: '{}', warnings: '[]' },
  };

  it('are told what the tightest limit leaves', () => {
    const { verdicts } = judgeAccept([request({ limits, verification: start })], funded(5), NOW);
    expect(verdicts[0]).toMatchObject({ quota: { limit: 'number', remaining: 2, resetMs: 20_000 } });
    expect(judgeAccept([request({ limits })], funded(5), NOW).verdicts[0]).not.toHaveProperty('quota');
    expect(judgeAccept([request({ verification: start })], funded(5), NOW).verdicts[0]).not.toHaveProperty('quota');
  });

  it('that are refused for their turn or their lock touch neither limits nor credits', () => {
    const failures = new Map([[accountKey('acme', 'n'), Array.from({ length: 20 }, () => NOW)]]);
    const locked = { ...start, failures: [{ subject: 'n', most: 20 }] };
    const again = { kind: 'resend', step: 0, failures: [] } as const;
    const batch = [request({ limits, verification: locked }), request({ limits, verification: again })];
    const { verdicts, writes } = judgeAccept(batch, { ...funded(5), failures }, NOW);
    expect(verdicts.map((v) => !v.accepted && v.refusal.code)).toEqual(['rate_limited', 'not_found']);
    expect(writes.balances.size + writes.limits.size + writes.inserts.length).toBe(0);
  });
});
