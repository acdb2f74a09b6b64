import { describe, expect, it } from 'vitest';
import { openVerificationRig } from './verification-rig.ts';

/** One that was sent twice, and whose first send failed: it is due. */
async function dueAfterAResend() {
  const rig = await openVerificationRig();
  const account = await rig.account({ callbackUrl: 'https://a.example/' });
  const first = await rig.start(rig.request(account));
  rig.clock.advance(31_000);
  const second = await rig.resend(account, first.id);
  await rig.fail(account.id, first.deliveryId);
  return { rig, account, id: first.id, second };
}

describe('what happens between a look at a verification and what follows from it', () => {
  it('a failure is looked at soon, and not when the code dies', async () => {
    const { rig, account, id, second } = await dueAfterAResend();
    await rig.overtaken(() => rig.fail(account.id, second.deliveryId)).look();
    expect((await rig.whole(account, id)).state).toBe('pending');
    expect(await rig.steps.look()).toBe(1);
    expect((await rig.whole(account, id)).state).toBe('undeliverable');
    await rig.close();
  });

  it('a send keeps it alive', async () => {
    const rig = await openVerificationRig();
    const account = await rig.account();
    const { id, deliveryId } = await rig.start(rig.request(account));
    rig.clock.advance(31_000);
    await rig.fail(account.id, deliveryId);
    await rig.overtaken(() => rig.resend(account, id)).look();
    expect(await rig.whole(account, id)).toMatchObject({ state: 'pending', sends: 2 });
    expect(await rig.check(account, id, '012345')).toMatchObject({ kind: 'approved' });
    await rig.close();
  });
});

describe('a resend', () => {
  const steps = [
    { channel: 'sms', carrier: null, waitMs: 0 },
    { channel: 'sms', carrier: null, waitMs: 60_000 },
  ] as const;

  it('neither puts off the next step nor cancels it, and a failure of one of two sends brings it no earlier', async () => {
    const rig = await openVerificationRig();
    const account = await rig.account();
    const { id, deliveryId } = await rig.start(rig.request(account, { steps, ttlMs: 75_000 }));
    rig.clock.advance(31_000);
    await rig.resend(account, id);
    await rig.fail(account.id, deliveryId);
    expect(await rig.steps.look()).toBe(1);
    rig.clock.advance(28_999);
    expect(await rig.steps.look()).toBe(0);
    rig.clock.advance(1);
    expect(await rig.steps.look()).toBe(1);
    expect(await rig.whole(account, id)).toMatchObject({ state: 'pending', step: 1, sends: 3 });
    await rig.close();
  });
});

it('what is in the way of one verification is not in the way of the others', async () => {
  const rig = await openVerificationRig();
  const [broken, sound] = [await rig.account(), await rig.account()];
  const steps = [
    { channel: 'sms', carrier: null, waitMs: 0 },
    { channel: 'sms', carrier: null, waitMs: 30_000 },
  ] as const;
  const ids = [];
  for (const account of [broken, sound]) ids.push((await rig.start(rig.request(account, { steps }))).id);
  rig.clock.advance(31_000);
  const get: typeof rig.store.accounts.get = async (id) => {
    if (id === broken.id) throw new Error('not readable');
    return rig.store.accounts.get(id);
  };
  expect(await rig.overtaken(async () => {}, { accounts: { ...rig.store.accounts, get } }).look()).toBe(2);
  expect(rig.warned).toEqual(['step_failed']);
  expect((await rig.whole(sound, ids[1] ?? '')).step).toBe(1);
  await rig.close();
});
