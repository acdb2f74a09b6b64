import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../values/secret.ts';
import { openVerificationRig, phoneNumber, type VerificationRig } from './verification-rig.ts';

let rig: VerificationRig;
beforeAll(async () => {
  rig = await openVerificationRig();
});
afterAll(() => rig.close());

describe('a check', () => {
  it('approves the right code once, leading zeros and all, by id or by number', async () => {
    const account = await rig.account();
    const { id } = await rig.start(rig.request(account));
    expect(await rig.check(account, id, '12345')).toMatchObject({ kind: 'wrong', remaining: 4 });
    expect(await rig.check(account, { among: 'pending' }, '012345')).toMatchObject({ kind: 'approved', id });
    expect(await rig.check(account, id, '012345')).toEqual({ kind: 'final', id, state: 'approved', fresh: true });
    expect(await rig.check(account, { among: 'pending' }, '012345')).toEqual({ kind: 'not_found' });
    expect(await rig.check(account, { among: 'all' }, '012345')).toMatchObject({
      state: 'approved',
      fresh: true,
    });
  });

  it('finds nothing of another account, mode, dialect or number, and counts nothing there', async () => {
    const [account, other] = [await rig.account(), await rig.account()];
    const { id } = await rig.start(rig.request(account));
    const nothing = { kind: 'not_found' };
    expect(await rig.check(other, id, '000000')).toEqual(nothing);
    expect(await rig.check(other, { among: 'pending' }, '000000')).toEqual(nothing);
    expect(await rig.check(account, id, '000000', { mode: 'live' })).toEqual(nothing);
    expect(await rig.check(account, id, '000000', { dialect: 'octopush' })).toEqual(nothing);
    expect(await rig.check(account, id, '000000', { number: phoneNumber('9851023213') })).toEqual(nothing);
    expect(await rig.check(account, 'no-uuid', '000000')).toEqual(nothing);
    expect(await rig.store.verifications.get(account.id, id)).toMatchObject({ failures: 0 });
    expect(await rig.check(account, id, '012345', { number: phoneNumber('+977 985-1023212') })).toMatchObject({
      kind: 'approved',
    });
  });

  it('takes no code a moment after its expiry, and a resend does not move that', async () => {
    const account = await rig.account();
    const { id, expiresAt } = await rig.start(rig.request(account));
    rig.clock.advance(60_000);
    expect((await rig.resend(account, id)).expiresAt).toBe(expiresAt);
    rig.clock.advance(239_000);
    expect(await rig.check(account, id, '000000')).toMatchObject({ kind: 'wrong' });
    rig.clock.advance(2_000);
    expect(await rig.check(account, id, '012345')).toEqual({ kind: 'final', id, state: 'expired', fresh: true });
  });

  it('holds a code to the address it was made for, where one is given, and counts a wrong one', async () => {
    const account = await rig.account();
    const { id } = await rig.start(rig.request(account, { ip: '2001:db8::1', bindIp: true }));
    expect(await rig.check(account, id, '012345', { ip: '2001:db8::2' })).toMatchObject({
      kind: 'wrong',
      remaining: 4,
    });
    expect(await rig.check(account, id, '012345', { ip: '2001:0db8:0::1' })).toMatchObject({ kind: 'approved' });
  });

  it('locks a number over resends, channels and new verifications, and then sends nothing to it', async () => {
    const account = await rig.account();
    const start = () => rig.start(rig.request(account, { maxAttempts: 10 }));
    const asker = { account, mode: 'test', dialect: 'native', replay: null } as const;
    const first = await start();
    for (let i = 0; i < 9; i++) await rig.check(account, first.id, '000000');
    rig.clock.advance(30_000);
    await rig.resend(account, first.id, 'voice');
    expect(await rig.check(account, first.id, '000000')).toMatchObject({ remaining: 0 });
    const second = await start();
    for (let i = 0; i < 9; i++) await rig.check(account, second.id, '000000');
    await rig.verifications.cancel({ ...asker, id: second.id });
    const third = await start();
    // The twentieth within a day: of ten that this one allows none is left.
    expect(await rig.check(account, third.id, '000000')).toMatchObject({ state: 'pending', remaining: 0 });
    const locked = { code: 'rate_limited', detail: { limit: 'failures' } };
    await expect(rig.check(account, third.id, '012345')).rejects.toMatchObject(locked);
    const sent = rig.left.length;
    await expect(start()).rejects.toMatchObject(locked);
    rig.clock.advance(120_000);
    await expect(rig.resend(account, third.id)).rejects.toMatchObject(locked);
    expect(rig.left.length).toBe(sent);
    expect(await rig.start(rig.request(await rig.account()))).toMatchObject({ fresh: true });
  });
});

describe('a further send', () => {
  it('says the same code over the channel that is asked for', async () => {
    const account = await rig.account();
    const { id } = await rig.start(rig.request(account));
    await expect(rig.resend(account, id)).rejects.toMatchObject({
      detail: { limit: 'resend', retryAfterMs: 30_000 },
    });
    rig.clock.advance(30_000);
    await rig.resend(account, id);
    expect(rig.left.at(-1)).toMatchObject({
      channel: 'sms',
      sms: { text: 'Your code is 012345', to: '+9779851023212' },
    });
    rig.clock.advance(60_000);
    expect(await rig.resend(account, id, 'voice')).toMatchObject({ id, channel: 'voice' });
    expect(rig.left.at(-1)).toMatchObject({ channel: 'voice' });
    const whole = await rig.store.verifications.get(account.id, id);
    expect(whole?.deliveries.map(({ channel }) => channel)).toEqual(['sms', 'sms', 'voice']);
    await rig.check(account, id, '012345');
    rig.clock.advance(120_000);
    await expect(rig.resend(account, id)).rejects.toMatchObject({
      ...{ code: 'verification_ended', detail: { state: 'approved' } },
    });
  });

  it('is none of another mode or dialect', async () => {
    const account = await rig.account();
    const { id } = await rig.start(rig.request(account, { dialect: 'octopush' }));
    rig.clock.advance(30_000);
    const sent = rig.left.length;
    await expect(rig.resend(account, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(rig.next(account, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(rig.left.length).toBe(sent);
  });

  it('fails closed when its sealed cells were exchanged', async () => {
    const account = await rig.account();
    const one = await rig.start(rig.request(account));
    const code = new Secret('999999');
    const messages = { sms: { text: 'Your code is 999999', sender: null }, voice: null };
    const two = await rig.start(rig.request(account, { code, messages, number: phoneNumber('9851023219') }));
    const { contentSealed } = await rig.whole(account, two.id);
    if (contentSealed === null) throw new Error('nothing was sealed');
    expect(rig.vault.open({ account: account.id, row: two.id, column: 'content' }, contentSealed)).toContain('999999');
    expect(rig.vault.open({ account: account.id, row: one.id, column: 'content' }, contentSealed)).toBeNull();
    rig.clock.advance(30_000);
    const sent = rig.left.length;
    const verification = { ...(await rig.whole(account, one.id)), contentSealed };
    const ask = { account, mode: 'test', dialect: 'native', verification, channel: null, replay: null } as const;
    const resend = rig.verifications.resend(ask);
    await expect(resend).rejects.toMatchObject({ code: 'conflict', detail: { reason: 'code_is_not_kept' } });
    expect(rig.left.length).toBe(sent);
  });

  it('answers its replay with the stored answer, and sends once', async () => {
    const account = await rig.account();
    const replay = {
      key: 'test:k',
      bodyDigest: 'b',
      keepMs: 86_400_000,
      answer: ({ id }: { id: string }) => `made ${id}`,
    };
    const before = rig.left.length;
    const both = await Promise.all([0, 1].map(() => rig.start(rig.request(account, { replay }))));
    const [fresh, again] = both.toSorted((a, b) => Number(b.fresh) - Number(a.fresh));
    expect(fresh).toMatchObject({ fresh: true, answer: null });
    expect(again).toMatchObject({ fresh: false, id: fresh?.id, answer: `made ${fresh?.id}` });
    expect(rig.left.length).toBe(before + 1);
    const mismatch = rig.start(rig.request(account, { replay: { ...replay, bodyDigest: 'other' } }));
    await expect(mismatch).rejects.toMatchObject({ code: 'idempotency_mismatch' });
  });
});

describe('a workflow', () => {
  const steps = [
    { channel: 'sms', carrier: null, waitMs: 0 },
    { channel: 'voice', carrier: 'trunk', waitMs: 30_000 },
    { channel: 'sms', carrier: 'second', waitMs: 20_000 },
  ] as const;

  it('sends each step after its wait, and ends with an approval', async () => {
    const account = await rig.account();
    const { id } = await rig.start(rig.request(account, { steps }));
    rig.clock.advance(29_000);
    await rig.steps.look();
    const deliveries = async () => (await rig.store.verifications.get(account.id, id))?.deliveries ?? [];
    expect(await deliveries()).toHaveLength(1);
    rig.clock.advance(1_000);
    await rig.steps.look();
    expect((await deliveries()).map(({ channel }) => channel)).toEqual(['sms', 'voice']);
    await rig.check(account, id, '012345');
    rig.clock.advance(60_000);
    await rig.steps.look();
    expect(await deliveries()).toHaveLength(2);
  });

  it('goes on at once when a delivery fails, to the end and then gives up', async () => {
    const account = await rig.account();
    const { id } = await rig.start(rig.request(account, { steps, callbackUrl: 'https://example.com/told' }));
    const channels = async () => {
      const whole = await rig.store.verifications.get(account.id, id);
      return whole?.deliveries.map(({ channel }) => channel);
    };
    for (const [i, expected] of [
      ['sms', 'voice'],
      ['sms', 'voice', 'sms'],
    ].entries()) {
      const whole = await rig.store.verifications.get(account.id, id);
      await rig.fail(account.id, whole?.deliveries[i]?.id ?? '');
      await rig.steps.look();
      expect(await channels()).toEqual(expected);
    }
    const whole = await rig.store.verifications.get(account.id, id);
    await rig.fail(account.id, whole?.deliveries[2]?.id ?? '');
    await rig.steps.look();
    expect(await rig.store.verifications.get(account.id, id)).toMatchObject({ state: 'undeliverable' });
    expect(rig.told).toContain('verification.undeliverable');
  });

  it('is gone through by hand too, and has an end', async () => {
    const account = await rig.account();
    const { id } = await rig.start(rig.request(account, { steps }));
    expect(await rig.next(account, id)).toMatchObject({ channel: 'voice' });
    expect(await rig.next(account, id)).toMatchObject({ channel: 'sms' });
    await expect(rig.next(account, id)).rejects.toMatchObject({
      ...{ code: 'conflict', detail: { field: 'workflow', reason: 'has_no_further_step' } },
    });
    rig.clock.advance(60_000);
    await rig.steps.look();
    expect((await rig.store.verifications.get(account.id, id))?.deliveries).toHaveLength(3);
  });

  it('waits for credits while the code lives, and expires without them', async () => {
    const account = await rig.account();
    const { id } = await rig.start(
      rig.request(account, { steps: [...steps.slice(0, 1), { ...steps[2], waitMs: 1000 }] }),
    );
    const { sms } = await rig.store.credits.balances(account.id);
    const left = sms.granted - sms.held - sms.captured;
    const take = { accountId: account.id, pool: 'sms', note: null, at: rig.clock.now() } as const;
    await rig.store.credits.grant({ ...take, id: rig.ids(), amount: -left });
    rig.clock.advance(1000);
    await rig.steps.look();
    expect(rig.warned.at(-1)).toBe('step_not_sent');
    await rig.store.credits.grant({ ...take, id: rig.ids(), amount: 1 });
    rig.clock.advance(5_000);
    await rig.steps.look();
    expect((await rig.store.verifications.get(account.id, id))?.deliveries).toHaveLength(2);
    rig.clock.advance(300_000);
    await rig.steps.look();
    expect(await rig.store.verifications.get(account.id, id)).toMatchObject({ state: 'expired' });
  });
});
