import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRig, type Rig } from '../accounts/rig.ts';
import { silentLog } from '../observe/log.ts';
import { NOTHING_ALLOWED } from './allow-list.ts';
import { parseCallbackUrl } from './callback-url.ts';
import { type EndpointDesk, type EndpointWish, endpointDesk, MOST_ENDPOINTS } from './endpoint-desk.ts';
import { type SigningDesk, signingDesk } from './signing-desk.ts';

let rig: Rig;
let signing: SigningDesk;
let desk: EndpointDesk;
const warned: unknown[] = [];
const seen: number[] = [];
beforeAll(async () => {
  rig = await openRig();
  signing = signingDesk({ ...rig, store: rig.store.signingSecrets });
  const log = { ...silentLog, warn: (event: string) => void warned.push(event) };
  desk = endpointDesk({ ...rig, signing, allow: NOTHING_ALLOWED, log, seen: async () => void seen.push(1) });
});
afterAll(() => rig.close());

const opened = async () => (await rig.account()).account.id;
const WISH: EndpointWish = { url: 'https://a.example/hook?t=1', description: 'ours', events: ['*'], state: 'enabled' };
const urlOf = (text: string) => {
  const read = parseCallbackUrl(text, NOTHING_ALLOWED);
  if ('fault' in read) throw new Error(read.fault);
  return read.url;
};

it('makes an endpoint with a secret of its own, and keeps its URL sealed', async () => {
  const id = await opened();
  const { endpoint, secret } = await desk.create(id, 'test', WISH);
  expect(endpoint).toMatchObject({ ...WISH, mode: 'test', reason: null, createdAt: rig.clock.now() });
  expect(await desk.list(id, 'test')).toEqual([endpoint]);
  expect((await signing.secrets(id, endpoint.id)).map((one) => one.secret.reveal())).toEqual([secret.reveal()]);
  expect(JSON.stringify(await rig.store.callbackEndpoints.list(id))).not.toContain('a.example');
});

it('keeps the modes apart, and the accounts', async () => {
  const [id, other] = [await opened(), await opened()];
  const { endpoint } = await desk.create(id, 'live', WISH);
  expect([await desk.list(id, 'test'), await desk.list(other, 'live')]).toEqual([[], []]);
  expect(await desk.all(id)).toEqual([endpoint]);
  for (const [account, mode] of [
    [id, 'test'],
    [other, 'live'],
  ] as const) {
    for (const asked of [
      () => desk.get(account, mode, endpoint.id),
      () => desk.change(account, mode, endpoint.id, { description: '' }),
      () => desk.remove(account, mode, endpoint.id),
      () => desk.ping(account, mode, endpoint.id),
    ]) {
      await expect(asked()).rejects.toMatchObject({ code: 'not_found' });
    }
  }
  expect(await desk.get(id, 'live', endpoint.id)).toEqual(endpoint);
});

it('has room for ten in each mode', async () => {
  const id = await opened();
  for (let i = 0; i < MOST_ENDPOINTS; i += 1) await desk.create(id, 'test', WISH);
  await expect(desk.create(id, 'test', WISH)).rejects.toMatchObject({
    code: 'conflict',
    detail: { field: 'callback', reason: 'too_many_endpoints' },
  });
  await desk.create(id, 'live', WISH);
});

it('changes what it is told, and says why an endpoint is disabled', async () => {
  const id = await opened();
  const { endpoint } = await desk.create(id, 'test', WISH);
  rig.clock.advance(1);
  const before = seen.length;
  const off = await desk.change(id, 'test', endpoint.id, { state: 'disabled', url: 'https://b.example/' });
  expect(seen).toHaveLength(before + 1);
  expect(off).toEqual({
    ...{ ...endpoint, state: 'disabled', reason: 'switched_off', url: 'https://b.example/' },
    updatedAt: rig.clock.now(),
  });
  await expect(desk.ping(id, 'test', endpoint.id)).rejects.toMatchObject({ detail: { reason: 'is_disabled' } });
  const on = await desk.change(id, 'test', endpoint.id, { state: 'enabled' });
  expect(on).toMatchObject({ state: 'enabled', reason: null, url: 'https://b.example/' });
  await desk.remove(id, 'test', endpoint.id);
  await expect(desk.get(id, 'test', endpoint.id)).rejects.toMatchObject({ code: 'not_found' });
});

it('disables an endpoint that is gone, unless it has moved by then, and writes that down once', async () => {
  const id = await opened();
  const { endpoint } = await desk.create(id, 'live', WISH);
  const state = async () => {
    const { state, reason } = await desk.get(id, 'live', endpoint.id);
    return [state, reason];
  };
  await desk.gone(id, endpoint.id, urlOf('https://moved.example/'));
  await desk.gone(id, rig.ids(), urlOf(WISH.url));
  expect([await state(), warned]).toEqual([['enabled', null], []]);
  await desk.gone(id, endpoint.id, urlOf('https://A.example:443/hook?t=1'));
  await desk.gone(id, endpoint.id, urlOf(WISH.url));
  expect([await state(), warned]).toEqual([['disabled', 'gone'], ['callback_endpoint_gone']]);
  expect(await rig.store.audit.list({ accountId: id }, 10, null)).toMatchObject([
    {
      ...{ actor: 'system', requestId: null, action: 'endpoint.change', objectType: 'endpoint' },
      ...{ objectId: endpoint.id, detail: { fields: 'state', reason: 'gone' } },
    },
  ]);
});

it('is not called where its URL cannot be read', async () => {
  const id = await opened();
  await desk.create(id, 'live', WISH);
  const blind = endpointDesk({
    ...{ ...rig, signing, allow: NOTHING_ALLOWED, log: silentLog },
    vault: { ...rig.vault, open: () => null },
  });
  expect((await blind.list(id, 'live')).map(({ url }) => url)).toEqual(['']);
});
