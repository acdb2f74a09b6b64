import { describe, expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import { silentLog } from '../observe/log.ts';
import type { Outcome } from '../rules/outcome.ts';
import type { ClaimedDelivery, Store } from '../store/store.ts';
import type { AttemptRow } from '../store/tables/otps.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { systemRandom } from '../values/random.ts';
import { drawKeys } from '../vault/keys.ts';
import { openVault } from '../vault/open-vault.ts';
import type { CallJob, SmsJob } from './job.ts';
import type { ReadyCall } from './ready-call.ts';
import { recovery } from './recovery.ts';

const random = systemRandom();
const vault = openVault(drawKeys(random.bytes), random);
const clock = new ManualClock();

const settled = () => new Promise((resolve) => setImmediate(resolve));

function claimed(over: Partial<ClaimedDelivery> = {}): ClaimedDelivery {
  const account = 'acme';
  const row = 'otp';
  return {
    accountId: account,
    deliveryId: 'delivery',
    otpId: row,
    mode: 'live',
    channel: 'sms',
    numberSealed: vault.seal({ account, row, column: 'number' }, '{"e164":"+9779851023212","asSent":"9851023212"}'),
    contentSealed: vault.seal(
      { account, row, column: 'content' },
      '{"code":"012345","text":"Code 012345","from":"ACME"}',
    ),
    ownContentSealed: null,
    via: null,
    options: '{}',
    expiresAt: clock.now() + 60_000,
    tries: 0,
    handovers: 1,
    ...over,
  };
}

function rescue(
  rows: readonly ClaimedDelivery[],
  {
    queued = 0,
    leased = true,
    tries = [] as AttemptRow[],
    call = async (): Promise<ReadyCall | null> => null,
    withdrawn = async (): Promise<readonly string[]> => [],
  } = {},
) {
  const taken: (SmsJob | CallJob)[] = [];
  const ended: Outcome[] = [];
  const asked: number[] = [];
  const store = {
    claim: async (_node: string, limit: number) => {
      asked.push(limit);
      return rows;
    },
    otps: { attempts: async () => tries },
    verifications: { withdrawn: async () => new Set(await withdrawn()) },
  } as unknown as Store;
  const desk = (waiting: number) => ({ queued: waiting, take: (job: SmsJob | CallJob) => void taken.push(job) });
  const [messages, calls] = [desk(queued), desk(0)];
  const settlement = {
    outcome: async (outcome: Outcome) => {
      ended.push(outcome);
      return { kind: 'applied' as const, state: 'failed' as const };
    },
    receipts: async () => {},
    waiting: 0,
    drain: async () => {},
  };
  const lease = { node: 'me', valid: () => leased, start: async () => {}, stop: async () => {} };
  const deps = { store, vault, lease, messages, calls, restoreCall: call, settlement, clock, random, log: silentLog };
  const { look, held } = recovery(deps);
  return { look, held, taken, ended, asked };
}

const unknownTry = (n: number): AttemptRow => ({
  n,
  part: 1,
  carrier: 'c',
  outcome: 'unknown',
  code: null,
  at: 0,
  receipt: null,
  receiptCode: null,
  receiptAt: null,
});

describe('recovery', () => {
  it('sends on what a stopped node left, as it was written', async () => {
    const { look, taken } = rescue([claimed()]);
    expect(await look()).toBe(1);
    expect(taken[0]).toMatchObject({
      node: 'me',
      doubts: 1,
      sms: { to: '+9779851023212', text: 'Code 012345', from: 'ACME' },
    });
  });

  it('does not send on what was for a verification that has ended', async () => {
    const { look, taken, ended } = rescue([claimed()], { withdrawn: async () => ['delivery'] });
    await look();
    expect(taken).toEqual([]);
    expect(ended[0]?.next).toEqual({ kind: 'final', state: 'expired', reason: 'code_expired' });
  });

  it('does not send a message that may have been submitted twice already', async () => {
    const twice = rescue([claimed({ handovers: 2 })]);
    await twice.look();
    expect(twice.taken).toEqual([]);
    expect(twice.ended[0]?.next).toEqual({ kind: 'final', state: 'failed', reason: 'outcome_unknown' });
    const lostAnswer = rescue([claimed({ tries: 1 })], { tries: [unknownTry(1)] });
    await lostAnswer.look();
    expect(lostAnswer.taken).toEqual([]);
  });

  it('counts a refused try as no doubt', async () => {
    const { look, taken } = rescue([claimed({ tries: 1 })], {
      tries: [{ ...unknownTry(1), outcome: 'refused', code: 8 }],
    });
    await look();
    expect(taken[0]).toMatchObject({ tries: 1, doubts: 1 });
  });

  it('ends a code that died meanwhile, and one whose message is gone', async () => {
    const dead = rescue([claimed({ expiresAt: clock.now() })]);
    await dead.look();
    expect(dead.ended[0]?.next).toMatchObject({ state: 'expired', reason: 'code_expired' });
    const gone = rescue([claimed({ contentSealed: null })]);
    await gone.look();
    expect(gone.ended[0]?.next).toMatchObject({ state: 'failed', reason: 'content_lost' });
  });

  it('claims no more than it can hand over shortly, and nothing without a lease', async () => {
    const busy = rescue([], { queued: 150 });
    await busy.look();
    expect(busy.asked).toEqual([50]);
    const full = rescue([], { queued: 5_000 });
    await full.look();
    const lost = rescue([], { leased: false });
    await lost.look();
    expect([...full.asked, ...lost.asked]).toEqual([]);
  });

  it('keeps what it claimed until the store can be asked about it, and says so', async () => {
    let reachable = false;
    const { look, held, taken } = rescue([claimed()], {
      withdrawn: async () => (reachable ? [] : Promise.reject(new PassbellError('unavailable', { reason: 'store' }))),
    });
    const looked = look();
    for (let tries = 0; tries < 3; tries += 1) {
      await settled();
      expect([held('me'), held('another'), taken]).toEqual([['delivery'], [], []]);
      clock.advance(250);
    }
    reachable = true;
    await settled();
    clock.advance(250);
    expect(await looked).toBe(1);
    expect([held('me'), taken.length]).toEqual([[], 1]);
  });

  it('lets none be lost for another that cannot be made', async () => {
    const poison = claimed({ channel: 'voice', deliveryId: 'poison' });
    const { look, held, taken } = rescue([poison, claimed()], { call: () => Promise.reject(new Error('broken')) });
    expect(await look()).toBe(2);
    expect(taken).toMatchObject([{ deliveryId: 'delivery' }]);
    expect(held('me')).toEqual([]);
  });

  it('makes a call of a call, and ends one that cannot be spoken any more', async () => {
    const plan = {
      id: 'delivery',
      accountId: 'acme',
      to: '+9779851023212',
      from: null,
      anonymous: false,
      ringMs: 1,
      talkMs: 1,
    };
    const script = { intro: [], code: [], replayPrompt: [], outro: [], maxReplays: 0, autoReplay: false };
    const ready = { plan, script, expiresAt: clock.now() + 60_000 };
    const one = rescue([claimed({ channel: 'voice', tries: 1 })], { call: async () => ready });
    await one.look();
    expect(one.taken).toMatchObject([{ plan, tries: 1, doubts: 1, node: 'me' }]);
    const two = rescue([claimed({ channel: 'voice' })]);
    await two.look();
    expect(two.taken).toEqual([]);
    expect(two.ended).toMatchObject([{ next: { state: 'failed', reason: 'content_lost' } }]);
  });
});
