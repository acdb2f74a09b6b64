import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { numberFor, openAccount, type TestAccount } from '../service/api.ts';
import { type CallbackReceiver, type ReceivedCallback, startCallbackReceiver } from '../service/callback-receiver.ts';
import { eventually } from '../service/eventually.ts';
import { expectNoSecrets } from '../service/secrets.ts';
import { type Service, startService } from '../service/service.ts';
import { CODE, cancel, check, started } from '../service/verification.ts';
import {
  callbacksApi,
  type DeliveryJson,
  type EndpointJson,
  idOf,
  isOf,
  makeEndpoint,
  type SecretsJson,
  verified,
} from './receiving.ts';

/** Callback endpoints of the running service, held against Standard Webhooks by its published library. */

const secrets = new Set<string>([CODE, 'canary-in-the-path']);
const bodies: string[] = [];
let service: Service;
const receivers: CallbackReceiver[] = [];

beforeAll(async () => {
  service = await startService({ env: { PASSBELL_CALLBACK_ALLOW: '127.0.0.0/8' } });
});
afterAll(async () => {
  await Promise.all(receivers.map((receiver) => receiver.stop()));
  await service?.kill9();
});

async function receives(answer: (callback: ReceivedCallback) => number = () => 200): Promise<CallbackReceiver> {
  const receiver = await startCallbackReceiver((callback) => {
    bodies.push(callback.text);
    return answer(callback);
  });
  receivers.push(receiver);
  return receiver;
}

async function accountAt(url: string | null): Promise<TestAccount> {
  const settings = { callback_url: url };
  const account = await openAccount(service.url, service.ready.admin_token ?? '', { credits: 100, settings });
  secrets.add(account.test).add(account.live);
  return account;
}

async function endpointAt(key: string, body: object): Promise<EndpointJson> {
  const endpoint = await makeEndpoint(service.url, key, body);
  secrets.add(endpoint.secret);
  return endpoint;
}

/** A verification that is approved; what it is, and to whom. */
async function approved({ test: key }: TestAccount, to: string, over: object = {}): Promise<string> {
  const caller = { url: service.url, key };
  const { id } = await started(caller, { to, ...over });
  expect((await check(caller, id, CODE)).body.status).toBe('approved');
  return id;
}

const deliveriesOf = async (key: string, query = '') =>
  (await callbacksApi(service.url, key)<{ data: DeliveryJson[] }>('GET', `/deliveries${query}`)).body.data;

describe.concurrent('callback endpoints', () => {
  test('are each told what they ask for, under their own secret, besides the account’s own URL', async () => {
    const receiver = await receives();
    const account = await accountAt(`${receiver.url}/own`);
    const key = account.test;
    const [messages, ends, live] = [
      await endpointAt(key, { url: `${receiver.url}/messages`, events: ['message.delivered'] }),
      await endpointAt(key, {
        url: `${receiver.url}/ends`,
        events: ['verification.approved', 'verification.canceled'],
      }),
      await endpointAt(account.live, { url: `${receiver.url}/live` }),
    ];
    const metadata = { order: '7' };
    const id = await approved(account, numberFor(1), { metadata });
    const [message, end] = await Promise.all([
      receiver.next(isOf('/messages', 'message.delivered')),
      receiver.next(isOf('/ends', 'verification.approved')),
    ]);
    expect(verified(messages.secret, message)).toEqual(message.body);
    expect(verified(ends.secret, end)).toEqual(end.body);
    for (const foreign of [ends.secret, live.secret]) {
      expect(() => verified(foreign, message)).toThrow('No matching signature');
    }
    expect(end.body['data']).toMatchObject({
      ...{
        id,
        status: 'approved',
        to: `+977${numberFor(1)}`,
        channel: 'sms',
        mode: 'test',
        dialect: 'native',
        metadata,
      },
      attempts: { failed: 0, remaining: 5, max: 5 },
    });
    const own = await Promise.all(
      ['message.delivered', 'verification.approved'].map((event) => receiver.next(isOf('/own', event))),
    );
    const [{ secret } = expect.fail()] = (await callbacksApi(service.url, key)<SecretsJson>('GET', '/secrets')).body
      .data;
    for (const callback of own) expect(verified(secret, callback)).toEqual(callback.body);
    expect(own[1]?.text).toBe(end.text);
    expect(new Set(receiver.received.map(idOf)).size).toBe(4);
    // Each once, and none to the endpoint that the live keys made.
    expect(receiver.received.map(({ path }) => path).toSorted()).toEqual(['/ends', '/messages', '/own', '/own']);
    await eventually(
      () => deliveriesOf(key),
      (rows) => rows.length === 4 && rows.every(({ state, attempts }) => state === 'delivered' && attempts === 1),
    );
    expect((await deliveriesOf(key, `?endpoint=${ends.id}`)).map(({ id, subject }) => [id, subject])).toEqual([
      [idOf(end), id],
    ]);
    expect(await deliveriesOf(account.live)).toEqual([]);
  });

  test('are told without any other receiver, and a verification may name a place of its own', async () => {
    const receiver = await receives();
    const account = await accountAt(null);
    const endpoint = await endpointAt(account.test, { url: `${receiver.url}/hook`, events: ['verification.canceled'] });
    const caller = { url: service.url, key: account.test };
    const named = { callback_url: `${receiver.url}/named/canary-in-the-path` };
    const { id } = await started(caller, { to: numberFor(2), ...named });
    expect((await cancel(caller, id)).body.status).toBe('canceled');
    const [at, there] = await Promise.all([
      receiver.next(isOf('/hook', 'verification.canceled')),
      receiver.next(isOf('/named/canary-in-the-path', 'verification.canceled')),
    ]);
    expect(verified(endpoint.secret, at)).toEqual(at.body);
    expect(there.text).toBe(at.text);
    expect(idOf(at)).not.toBe(idOf(there));
    expect(() => verified(endpoint.secret, there)).toThrow('No matching signature');
  });

  test('move over to a new secret without a gap, one without the other', async () => {
    const receiver = await receives();
    const account = await accountAt(null);
    const [one, two] = [
      await endpointAt(account.test, { url: `${receiver.url}/one`, events: ['verification.approved'] }),
      await endpointAt(account.test, { url: `${receiver.url}/two`, events: ['verification.approved'] }),
    ];
    const ask = callbacksApi(service.url, account.test);
    const [fresh, old, ...more] = (await ask<SecretsJson>('POST', `/${one.id}/secrets`)).body.data;
    expect([old?.secret, more]).toEqual([one.secret, []]);
    secrets.add(fresh?.secret ?? '');
    await approved(account, numberFor(3));
    const [first, second] = await Promise.all([
      receiver.next(isOf('/one', 'verification.approved')),
      receiver.next(isOf('/two', 'verification.approved')),
    ]);
    for (const secret of [fresh?.secret ?? '', one.secret]) expect(verified(secret, first)).toEqual(first.body);
    expect(verified(two.secret, second)).toEqual(second.body);
    expect(() => verified(fresh?.secret ?? '', second)).toThrow('No matching signature');
  });

  test('that are gone are disabled, they alone; what they missed can be sent again', async () => {
    let gone = true;
    const receiver = await receives(({ path }) => (path === '/leaving' && gone ? 410 : 200));
    const account = await accountAt(`${receiver.url}/own`);
    const events = ['verification.approved'];
    const [leaving, staying] = [
      await endpointAt(account.test, { url: `${receiver.url}/leaving`, events }),
      await endpointAt(account.test, { url: `${receiver.url}/staying`, events }),
    ];
    await approved(account, numberFor(4));
    const ask = callbacksApi(service.url, account.test);
    const missed = await receiver.next(isOf('/leaving', 'verification.approved'));
    await eventually(
      () => ask<EndpointJson>('GET', `/${leaving.id}`),
      ({ body }) => body.state === 'disabled' && body.reason === 'gone',
    );
    expect((await ask<EndpointJson>('GET', `/${staying.id}`)).body.state).toBe('enabled');
    await approved(account, numberFor(5));
    const others = (path: string) => receiver.received.filter(isOf(path, 'verification.approved'));
    await receiver.next(() => others('/staying').length === 2 && others('/own').length === 2);
    expect(others('/leaving')).toEqual([missed]);
    const [row, ...more] = await deliveriesOf(account.test, `?endpoint=${leaving.id}`);
    expect([row, more]).toMatchObject([{ id: idOf(missed), state: 'disabled', response_status: 410, attempts: 1 }, []]);

    gone = false;
    const replay = () => ask<{ detail?: string }>('POST', `/deliveries/${row?.id}/replay`);
    expect((await replay()).status).toBe(409);
    expect((await ask('PATCH', `/${leaving.id}`, { state: 'enabled' })).status).toBe(200);
    expect((await replay()).status).toBe(202);
    const again = await receiver.next((callback) => callback !== missed && callback.path === '/leaving');
    expect([idOf(again), again.text]).toEqual([idOf(missed), missed.text]);
    await eventually(
      () => deliveriesOf(account.test, `?endpoint=${leaving.id}`),
      ([now]) => now?.state === 'delivered' && now.attempts === 1 && now.response_status === 200,
    );
    // What came to its end may be sent again as often as somebody asks.
    expect((await replay()).status).toBe(202);
    await receiver.next(() => others('/leaving').length === 3);
    expect(new Set(others('/leaving').map(idOf))).toEqual(new Set([idOf(missed)]));
  });

  test('may be tried out before anything happens', async () => {
    const receiver = await receives();
    const account = await accountAt(`${receiver.url}/own`);
    const endpoint = await endpointAt(account.live, { url: `${receiver.url}/hook`, events: ['call.finished'] });
    const ask = callbacksApi(service.url, account.live);
    const sent = await ask<DeliveryJson>('POST', `/${endpoint.id}/ping`);
    expect(sent).toMatchObject({ status: 202, body: { event: 'ping', subject: endpoint.id } });
    const ping = await receiver.next(isOf('/hook', 'ping'));
    expect([idOf(ping), ping.body['data']]).toEqual([sent.body.id, { id: endpoint.id }]);
    expect(verified(endpoint.secret, ping)).toEqual(ping.body);
    expect((await ask('DELETE', `/${endpoint.id}`)).status).toBe(204);
    expect((await ask('POST', `/${endpoint.id}/ping`)).status).toBe(404);
    expect(receiver.received).toEqual([ping]);
  });
});

test('no code stands in any of them, and no code, secret or place in the log', async () => {
  expect(await service.stop()).toBe(0);
  expectNoSecrets({ bodies: bodies.join('\n'), log: service.log() }, secrets);
  expect(service.log()).toContain('callback_endpoint_gone');
  expect(service.log()).not.toContain('"level":"error"');
});
