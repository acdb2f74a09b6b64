import { afterAll, describe, expect, test } from 'vitest';
import { need } from '../peers/need.ts';
import { startPostgres } from '../peers/postgres.ts';
import { call, numberFor, openAccount, sendText } from '../service/api.ts';
import { startCallbackReceiver } from '../service/callback-receiver.ts';
import { eventually } from '../service/eventually.ts';
import { type Service, type ServiceOptions, startService, temporaryFolder } from '../service/service.ts';
import { callbacksApi, type DeliveryJson, idOf, makeEndpoint } from './receiving.ts';

/** Callbacks to several receivers whose node is killed, and endpoints that another node is told of. */

interface MessagePage {
  readonly data: readonly { readonly state: string }[];
}

const SENDS = 60;
const PATHS = ['/own', '/one', '/two'];
const env = { PASSBELL_CALLBACK_ALLOW: '127.0.0.0/8' };
const undo: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const step of undo.toReversed()) await step();
});

async function open(options: ServiceOptions) {
  const service = await startService({ ...options, env });
  undo.push(async () => service.process.kill('SIGKILL'));
  return service;
}

/** What each receiver was told of, by the part of its ids that all receivers share. */
function heardAt(received: readonly { readonly path: string; readonly headers: object }[], endpoints: string[]) {
  return PATHS.map((path) => {
    const ids = received.filter((one) => one.path === path).map((one) => idOf(one as Parameters<typeof idOf>[0]));
    return new Set(ids.map((id) => endpoints.reduce((rest, endpoint) => rest.replace(`_${endpoint}`, ''), id)));
  });
}

test('a service that is killed while it tells three receivers tells each of everything, under one id', async () => {
  const data = temporaryFolder();
  const first = await open({ data });
  const receiver = await startCallbackReceiver();
  undo.push(() => receiver.stop());
  const settings = { callback_url: `${receiver.url}/own` };
  const account = await openAccount(first.url, first.ready.admin_token ?? '', { credits: 1000, settings });
  const made = [];
  for (const path of ['/one', '/two']) {
    made.push(await makeEndpoint(first.url, account.test, { url: receiver.url + path }));
  }
  const endpoints = made.map(({ id }) => id.slice('cb_'.length));
  const sent = Array.from({ length: SENDS }, (_, i) => sendText(first.url, account.test, numberFor(i)));
  // In the midst of it: some receivers have heard of some messages.
  await receiver.next(() => receiver.received.length >= SENDS / 4);
  await first.kill9();
  await Promise.allSettled(sent);

  const second = await open({ data });
  const ask = callbacksApi(second.url, account.test);
  await eventually(
    () => ask<{ data: DeliveryJson[] }>('GET', '/deliveries?state=pending&limit=1'),
    ({ body }) => body.data.length === 0,
    30_000,
  );
  const [own = new Set(), ...others] = heardAt(receiver.received, endpoints);
  expect(own.size).toBeGreaterThanOrEqual(SENDS / 4);
  for (const heard of others) expect(heard).toEqual(own);
  // An endpoint knows every callback by its own id, the account's URL by the one without.
  for (const [i, path] of ['/one', '/two'].entries()) {
    const ids = receiver.received.filter((one) => one.path === path).map(idOf);
    expect(ids.every((id) => id.endsWith(`_${endpoints[i]}`))).toBe(true);
  }
  const rows: DeliveryJson[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await ask<{ data: DeliveryJson[]; next_cursor: string | null }>(
      'GET',
      `/deliveries?limit=100${query}`,
    );
    rows.push(...body.data);
    cursor = body.next_cursor;
  }
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  expect(rows.every(({ state }) => state === 'delivered')).toBe(true);
  expect(rows).toHaveLength(3 * own.size);
});

describe.runIf(need('postgresql'))('on two nodes', () => {
  test('an endpoint that one node made is told of what the other one sends, and taken back everywhere', async () => {
    const postgres = await startPostgres();
    undo.push(() => postgres.stop());
    const options = { data: temporaryFolder(), databaseUrl: postgres.url };
    const [one, two] = [await open(options), await open(options)];
    const receiver = await startCallbackReceiver();
    undo.push(() => receiver.stop());
    const account = await openAccount(one.url, one.ready.admin_token ?? '', { credits: 100 });
    const rows = async () =>
      (await callbacksApi(one.url, account.test)<{ data: unknown[] }>('GET', '/deliveries?limit=100')).body.data.length;
    let sends = 0;
    /** Whether a callback was owed for a message that this node sent. */
    async function owes({ url }: Service): Promise<boolean> {
      const before = await rows();
      sends += 1;
      expect((await sendText(url, account.test, numberFor(sends))).status).toBe(200);
      const page = () => call<MessagePage>('GET', `${url}/v1/messages?limit=1`, { key: account.test });
      await eventually(page, ({ body }) => body.data[0]?.state === 'delivered');
      return (await rows()) > before;
    }
    // The other node knows the account, without an endpoint, before one is made.
    expect(await owes(two)).toBe(false);
    const { id } = await makeEndpoint(one.url, account.test, { url: `${receiver.url}/hook` });
    expect(await owes(one)).toBe(true);
    await eventually(
      () => owes(two),
      (owed) => owed,
    );
    const last = `+977${numberFor(sends)}`;
    await receiver.next(({ body }) => (body['data'] as { to: string }).to === last);
    expect((await callbacksApi(two.url, account.test)('DELETE', `/${id}`)).status).toBe(204);
    expect(await owes(two)).toBe(false);
    await eventually(
      () => owes(one),
      (owed) => !owed,
    );
  });
});
