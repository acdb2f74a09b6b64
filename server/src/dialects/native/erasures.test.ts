import { afterAll, beforeAll, expect, it } from 'vitest';
import { outcome, request } from '../../store/contract/samples.ts';
import { servedNatively } from './rig.ts';

let served: Awaited<ReturnType<typeof servedNatively>>;
beforeAll(async () => {
  served = await servedNatively();
});
afterAll(() => served.close());

async function sent(accountId: string, over: Parameters<typeof request>[1] = {}) {
  const { clock, ids, store, vault } = served.rig;
  const numberDigest = vault.numberDigest(accountId, '+9779851023212');
  const one = request(accountId, { otpId: ids(), deliveryId: ids(), createdAt: clock.now(), numberDigest, ...over });
  await store.accept([one], 'me', clock.now());
  return one;
}
const NOTHING = { canceled: 0, sends: 0, verifications: 0, calls: 0, handset_messages: 0, handset_calls: 0 };

it('waits for what is on its way, erases both modes by any spelling, and finds nothing more', async () => {
  const { account } = await served.rig.account();
  const ask = (to: string) => served.ask(account.keys.live, 'POST /v1/erasures', { to });
  const sends = [await sent(account.id), await sent(account.id, { mode: 'test' })];
  const early = await ask('+9779851023212');
  expect([early.status, early.body.code]).toEqual([409, 'conflict']);
  const { ids, store, clock } = served.rig;
  for (const one of sends) await store.settle([outcome(one, 'me', [ids()])], [], 'me', clock.now());
  expect((await ask('985-102 3212')).body).toEqual({ ...NOTHING, sends: 2 });
  expect((await ask('+9779851023212')).body).toEqual(NOTHING);
});

it('does once what is asked under one Idempotency-Key', async () => {
  const { account } = await served.rig.account();
  const { ids, store, clock } = served.rig;
  const one = await sent(account.id);
  await store.settle([outcome(one, 'me', [ids()])], [], 'me', clock.now());
  const ask = () =>
    served.ask(account.keys.live, 'POST /v1/erasures', { to: '9851023212' }, { 'idempotency-key': 'gone' });
  expect([(await ask()).body.sends, (await ask()).body.sends]).toEqual([1, 1]);
  expect(await store.audit.list({ accountId: account.id, action: 'number.erase' }, 10, null)).toHaveLength(1);
});

it('refuses a test key once the account is live, and what is no number', async () => {
  const { account } = await served.rig.account();
  await served.rig.changeAccount(account.id, () => ({ mode: 'live' }));
  const test = await served.ask(account.keys.test, 'POST /v1/erasures', { to: '9851023212' });
  expect([test.status, test.body.code]).toEqual([403, 'forbidden']);
  const wrong = await served.ask(account.keys.live, 'POST /v1/erasures', { to: 'Alice' });
  expect([wrong.status, wrong.body.errors[0].field]).toEqual([422, 'to']);
});
