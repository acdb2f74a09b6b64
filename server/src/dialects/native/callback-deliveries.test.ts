import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request, startOf } from '../../store/contract/samples.ts';
import { ERASED_PLACE } from '../../store/tables/callback-facts.ts';
import type { CallbackResult } from '../../store/tables/callbacks.ts';
import { servedNatively } from './rig.ts';

let served: Awaited<ReturnType<typeof servedNatively>>;
beforeAll(async () => {
  served = await servedNatively();
});
afterAll(() => served.close());

const NODE = 'node';
const opened = async () => (await served.rig.account()).account;
const time = (ms: number) => new Date(ms).toISOString();

/** A message that failed, and the callback that its account is owed for it. */
async function owed(accountId: string, mode: 'test' | 'live' = 'test') {
  const { store, clock } = served.rig;
  const now = clock.now();
  const one = request(accountId, { callback: true, mode, deliveryId: served.rig.ids() });
  await store.accept([one], NODE, now);
  const { deliveryId } = one;
  const next = { kind: 'final', state: 'failed', reason: 'carrier_refused' } as const;
  await store.settle([{ accountId, deliveryId, node: NODE, at: now, attempt: null, next }], [], NODE, now);
  return { accountId, id: `${deliveryId}.failed`, deliveryId };
}

async function settled({ accountId, id }: { accountId: string; id: string }, over: Partial<CallbackResult> = {}) {
  const result = { accountId, id, node: NODE, receiver: 'own', attempts: 1, status: 204 } as const;
  await served.rig.store.callbacks.settle(
    [{ ...result, next: { kind: 'delivered' }, ...over }],
    served.rig.clock.now(),
  );
}

const made = async (key: string) => (await served.ask(key, 'POST /v1/callbacks', { url: 'https://a.example/' })).body;

describe('callbacks that were sent', () => {
  it('are listed newest first, page by page, by endpoint, state and event', async () => {
    const { id: accountId, keys } = await opened();
    const { id: endpoint } = await made(keys.test);
    const receiver = endpoint.slice('cb_'.length);
    const rows = [];
    for (let i = 0; i < 3; i += 1) {
      rows.push(await owed(accountId));
      served.rig.clock.advance(1);
    }
    await owed(accountId, 'live');
    const [first, second, third] = rows.map(({ deliveryId }) => deliveryId);
    await settled(rows[0] ?? { accountId, id: '' });
    await settled(rows[1] ?? { accountId, id: '' }, { receiver, status: 500, next: { kind: 'retry', dueAt: 9 } });
    const list = async (query = '') => {
      const { status, body, text } = await served.ask(keys.test, `GET /v1/callbacks/deliveries${query}`);
      expect(status, text).toBe(200);
      return body;
    };
    const idsOf = async (query: string) => (await list(query)).data.map(({ id }: { id: string }) => id);
    const ids = [`cb_${third}_failed`, `cb_${second}_failed_${receiver}`, `cb_${first}_failed`];
    expect(await idsOf('')).toEqual(ids);
    expect((await list()).data[1]).toEqual({
      ...{ id: ids[1], endpoint, event: 'message.failed', subject: `msg_${second}`, state: 'pending', attempts: 1 },
      ...{ response_status: 500, next_try_at: time(9), created_at: time(served.rig.clock.now() - 2), ended_at: null },
    });
    const page = await list('?limit=2');
    expect(page.data).toHaveLength(2);
    expect(await list(`?limit=2&cursor=${page.next_cursor}`)).toMatchObject({
      ...{ data: [{ id: ids[2], endpoint: null, response_status: 204 }], next_cursor: null },
    });
    expect(await idsOf(`?endpoint=${endpoint}`)).toEqual([ids[1]]);
    expect(await idsOf('?endpoint=none')).toEqual([ids[2]]);
    expect(await idsOf('?state=delivered&event=message.failed')).toEqual([ids[2]]);
    expect(await idsOf('?event=call.finished')).toEqual([]);
    expect((await served.ask(keys.live, 'GET /v1/callbacks/deliveries')).body.data).toHaveLength(1);
    expect((await served.ask((await opened()).keys.test, 'GET /v1/callbacks/deliveries')).body.data).toEqual([]);
  });

  it.each([
    ['cursor=abc', 'cursor'],
    [`cursor=${Buffer.from('1:a b').toString('base64url')}`, 'cursor'],
    ['state=lost', 'state'],
    ['event=message', 'event'],
    ['endpoint=all', 'endpoint'],
    ['limit=0', 'limit'],
    ['since=1', 'since'],
  ])('are not listed by %s', async (query, field) => {
    const { keys } = await opened();
    const refused = await served.ask(keys.test, `GET /v1/callbacks/deliveries?${query}`);
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });
});

describe('sending one again', () => {
  const replay = (key: string, id: string, headers = {}) =>
    served.ask(key, `POST /v1/callbacks/deliveries/${id}/replay`, undefined, headers);

  const toldAt = (accountId: string, callbackUrl: string | null) =>
    served.rig.changeAccount(accountId, ({ settings }) => ({ settings: { ...settings, callbackUrl } }));
  const conflict = (detail: string) => ({ status: 409, body: { code: 'conflict', detail } });

  it('begins anew under the same id, once it has ended and not before', async () => {
    const { id: accountId, keys } = await opened();
    await toldAt(accountId, 'https://a.example/');
    const row = await owed(accountId);
    const id = `cb_${row.deliveryId}_failed`;
    const message = 'is pending: only what has ended is sent again';
    const pending = { status: 409, body: { code: 'conflict', errors: [{ field: 'state', message }] } };
    expect(await replay(keys.test, id)).toMatchObject(pending);
    await settled(row, { attempts: 10, status: 503, next: { kind: 'given_up' } });
    const path = `GET /v1/callbacks/deliveries/${id}`;
    expect((await served.ask(keys.test, path)).body).toMatchObject({ state: 'given_up', attempts: 10 });
    const again = await replay(keys.test, id, { 'idempotency-key': 'k' });
    const now = time(served.rig.clock.now());
    expect(again).toMatchObject({
      ...{ status: 202, body: { id, state: 'pending', attempts: 0, response_status: null, next_try_at: now } },
    });
    expect((await served.ask(keys.test, path)).body).toEqual(again.body);
    expect(await replay(keys.test, id, { 'idempotency-key': 'k' })).toMatchObject({ status: 202, body: again.body });
    expect(await replay(keys.test, id)).toMatchObject(pending);
  });

  it('is refused, and its record kept, where the account has no URL of its own any more', async () => {
    const { id: accountId, keys } = await opened();
    const row = await owed(accountId);
    const id = `cb_${row.deliveryId}_failed`;
    await settled(row, { attempts: 10, status: 503, next: { kind: 'given_up' } });
    expect(await replay(keys.test, id)).toMatchObject(
      conflict('"callback_url" is not set: set it in the settings first.'),
    );
    expect((await served.ask(keys.test, `GET /v1/callbacks/deliveries/${id}`)).body).toMatchObject({
      ...{ state: 'given_up', attempts: 10, response_status: 503 },
    });
    await toldAt(accountId, 'https://a.example/');
    expect(await replay(keys.test, id)).toMatchObject({ status: 202 });
  });

  it('goes to the place that its verification named, unless that was erased', async () => {
    const { id: accountId, keys } = await opened();
    const { store, clock } = served.rig;
    const again = async (callbackSealed: string | null) => {
      const start = startOf({ callback: true, callbackSealed });
      const one = request(accountId, { mode: 'test', verification: start });
      await store.accept([one], NODE, clock.now());
      const id = `${one.otpId}.canceled`;
      const about = { accountId, id, subjectId: one.otpId, event: 'verification.canceled' } as const;
      await store.callbacks.add({ ...about, createdAt: clock.now() }, 'own');
      await store.callbacks.claim(NODE, clock.now(), 10);
      await settled({ accountId, id });
      return replay(keys.test, `cb_${one.otpId}_canceled`);
    };
    expect(await again('sealed place')).toMatchObject({ status: 202 });
    expect(await again(null)).toMatchObject({ status: 409 });
    await toldAt(accountId, 'https://a.example/');
    expect(await again(null)).toMatchObject({ status: 202 });
    expect(await again(ERASED_PLACE)).toMatchObject(
      conflict('"callback_url" is gone: it was removed, or erased with its number.'),
    );
  });

  it('is refused where its endpoint is told of other events by now, but for a ping', async () => {
    const { id: accountId, keys } = await opened();
    const { id: endpoint } = await made(keys.test);
    const receiver = endpoint.slice('cb_'.length);
    const row = await owed(accountId);
    const id = `cb_${row.deliveryId}_failed_${receiver}`;
    await settled(row, { receiver });
    const events = (...events: string[]) => served.ask(keys.test, `PATCH /v1/callbacks/${endpoint}`, { events });
    await events('message.delivered');
    expect(await replay(keys.test, id)).toMatchObject(
      conflict('"endpoint" is not told of such events: add this one to its `events` first.'),
    );
    const ping = (await served.ask(keys.test, `POST /v1/callbacks/${endpoint}/ping`)).body.id;
    await served.rig.store.callbacks.claim(NODE, served.rig.clock.now(), 10);
    await settled({ accountId, id: `${ping.split('_')[1]}.ping` }, { receiver });
    expect(await replay(keys.test, ping)).toMatchObject({ status: 202 });
    await events('message.delivered', 'message.failed');
    expect(await replay(keys.test, id)).toMatchObject({ status: 202 });
  });

  it('goes to all who want it now where it never was known whom it was for', async () => {
    const { id: accountId, keys } = await opened();
    const row = await owed(accountId);
    const id = `cb_${row.deliveryId}_failed`;
    await settled(row, { receiver: null, attempts: 10, status: null, next: { kind: 'given_up' } });
    expect(await replay(keys.test, id)).toMatchObject({ status: 409, body: { errors: [{ field: 'callback_url' }] } });
    await made(keys.test);
    expect(await replay(keys.test, id)).toMatchObject({ status: 202 });
  });

  it('is refused where its endpoint would not get it', async () => {
    const { id: accountId, keys } = await opened();
    const { id: endpoint } = await made(keys.test);
    const receiver = endpoint.slice('cb_'.length);
    const row = await owed(accountId);
    const id = `cb_${row.deliveryId}_failed_${receiver}`;
    await settled(row, { receiver, status: 410, next: { kind: 'disabled' } });
    await served.ask(keys.test, `PATCH /v1/callbacks/${endpoint}`, { state: 'disabled' });
    expect(await replay(keys.test, id)).toMatchObject({
      ...{ status: 409, body: { detail: '"endpoint" is disabled: enable the endpoint first.' } },
    });
    await served.ask(keys.test, `PATCH /v1/callbacks/${endpoint}`, { state: 'enabled' });
    expect(await replay(keys.test, id)).toMatchObject({ status: 202, body: { id, endpoint } });
    await served.rig.store.callbacks.claim(NODE, served.rig.clock.now(), 10);
    await settled(row, { receiver });
    await served.ask(keys.test, `DELETE /v1/callbacks/${endpoint}`);
    expect(await replay(keys.test, id)).toMatchObject({
      ...{ status: 409, body: { detail: '"endpoint" is gone: it was removed, or erased with its number.' } },
    });
  });

  it('knows no other mode’s, no other account’s, and nothing that never was', async () => {
    const { id: accountId, keys } = await opened();
    await toldAt(accountId, 'https://a.example/');
    const row = await owed(accountId, 'live');
    await settled(row);
    const id = `cb_${row.deliveryId}_failed`;
    for (const [key, asked] of [
      [keys.test, id],
      [(await opened()).keys.live, id],
      [keys.live, `cb_${row.deliveryId}`],
      [keys.live, `${id}_${row.deliveryId}`],
      [keys.live, row.id],
    ] as const) {
      expect(await replay(key, asked)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(await served.ask(key, `GET /v1/callbacks/deliveries/${asked}`)).toMatchObject({ status: 404 });
    }
    expect(await replay(keys.live, id)).toMatchObject({ status: 202 });
  });
});

it('has a ping sent to an endpoint that is enabled', async () => {
  const { keys } = await opened();
  const { id } = await made(keys.test);
  const sent = await served.ask(keys.test, `POST /v1/callbacks/${id}/ping`);
  expect(sent).toMatchObject({ status: 202, body: { endpoint: id, event: 'ping', subject: id, state: 'pending' } });
  expect((await served.ask(keys.test, 'GET /v1/callbacks/deliveries')).body.data).toEqual([sent.body]);
  expect((await served.ask(keys.test, `GET /v1/callbacks/deliveries/${sent.body.id}`)).body).toEqual(sent.body);
  await served.ask(keys.test, `PATCH /v1/callbacks/${id}`, { state: 'disabled' });
  expect(await served.ask(keys.test, `POST /v1/callbacks/${id}/ping`)).toMatchObject({ status: 409 });
});
