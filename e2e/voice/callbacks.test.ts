import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, numberFor, openAccount, type TestAccount } from '../service/api.ts';
import { type CallbackReceiver, type ReceivedCallback, startCallbackReceiver } from '../service/callback-receiver.ts';
import { eventually } from '../service/eventually.ts';
import { expectNoSecrets } from '../service/secrets.ts';
import { type Service, startService, temporaryFolder } from '../service/service.ts';
import { callBy, instruct } from '../service/voice.ts';
import { outboxOf } from './outbox.ts';

/** Callbacks of the sandbox phone's calls and messages, held against Standard Webhooks by its published library. */

interface SecretsJson {
  readonly data: readonly {
    readonly secret: string;
    readonly created_at: string;
    readonly expires_at: string | null;
  }[];
}

/** The sandbox phone at this number picks up at once; at that one it refuses. */
const PICKS_UP = '+9779841230014';
const REFUSES = '+9779841230013';
/** Stand in no text but where they were put. */
const CANARY = { code: 'CANARY77', otp: 'CANARY88', words: 'canary words', token: 'canary-in-the-path' };

const data = temporaryFolder();
const secrets = new Set<string>(Object.values(CANARY));
const bodies: string[] = [];
const undo: (() => Promise<unknown>)[] = [];
let service: Service;

beforeAll(async () => {
  service = await startService({ data, env: { PASSBELL_CALLBACK_ALLOW: '127.0.0.0/8' } });
});
afterAll(async () => {
  await Promise.all(undo.map((one) => one()));
  service.process.kill('SIGKILL');
});

async function receives(answer?: (callback: ReceivedCallback) => number): Promise<CallbackReceiver> {
  const receiver = await startCallbackReceiver((callback) => {
    bodies.push(callback.text);
    return answer?.(callback) ?? 200;
  });
  undo.push(() => receiver.stop());
  return receiver;
}

/** An account that has its own callbacks sent to `url`. */
async function accountAt(url: string | null): Promise<TestAccount> {
  const settings = { callback_url: url };
  const account = await openAccount(service.url, service.ready.admin_token ?? '', {
    ...{ credits: 100, voiceCredits: 100, settings },
  });
  secrets.add(account.test).add(account.productTokens.test);
  return account;
}

async function secretsOf({ test: key }: TestAccount, method: 'GET' | 'POST' = 'GET'): Promise<SecretsJson['data']> {
  const answer = await call<SecretsJson>(method, `${service.url}/v1/callbacks/secrets`, { key });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  for (const { secret } of answer.body.data) secrets.add(secret);
  return answer.body.data;
}

/** What the library reads from a callback; throws unless it was signed with `secret`. */
function verified(secret: string | undefined, { text, headers }: ReceivedCallback, over = {}): unknown {
  return new Webhook(secret ?? '').verify(text, { ...(headers as Record<string, string>), ...over });
}

async function ask(account: TestAccount, instruction: object): Promise<string> {
  const wanted = { callee: PICKS_UP, code: '4', ...instruction };
  const { status, body } = await instruct(service.url, account.productTokens.test, wanted);
  expect(status, JSON.stringify(body)).toBe(200);
  return body['call-id'];
}

async function text({ test: key }: TestAccount, number: string): Promise<void> {
  const own = { otp_options: 'personnel', otp: CANARY.otp };
  const body = { number, message: `{otp} and ${CANARY.words}`, sms_send_options: 'text', ...own };
  expect((await call('POST', `${service.url}/api/v1/auths/send/otp/`, { key, body })).status).toBe(200);
}

const of = (type: string) => (callback: ReceivedCallback) => callback.body['type'] === type;

describe.concurrent('a callback', () => {
  test("is verified by the published library with the account's secret, and with no other", async () => {
    const receiver = await receives();
    const account = await accountAt(`${receiver.url}/own`);
    const [{ secret, expires_at } = expect.fail(), ...more] = await secretsOf(account);
    expect([secret, expires_at, more]).toEqual([expect.stringMatching(/^whsec_/), null, []]);
    await text(account, numberFor(1));
    await ask(account, { 'callback-url': `${receiver.url}/called` });
    const foreign = (await secretsOf(await accountAt(null)))[0]?.secret;
    for (const type of ['message.delivered', 'otp-finished']) {
      const callback = await receiver.next(of(type));
      expect(verified(secret, callback)).toEqual(callback.body);
      expect(callback.headers['content-type']).toMatch(/^application\/json/);
      expect(() => verified(foreign, callback)).toThrow('No matching signature');
      expect(() => verified(secret, { ...callback, text: `${callback.text} ` })).toThrow('No matching signature');
      expect(() => verified(secret, callback, { 'webhook-id': 'cb_another' })).toThrow('No matching signature');
    }
  });

  test('is signed with both secrets while the account moves over to a new one', async () => {
    const receiver = await receives();
    const account = await accountAt(`${receiver.url}/own`);
    const [old] = await secretsOf(account);
    await text(account, numberFor(2));
    const before = await receiver.next(of('message.delivered'));
    const [fresh, kept, ...more] = await secretsOf(account, 'POST');
    expect([kept?.secret, more]).toEqual([old?.secret, []]);
    expect(fresh?.expires_at).toBeNull();
    const left = Date.parse(kept?.expires_at ?? '') - Date.now();
    expect(left).toBeGreaterThan(86_000_000);
    expect(left).toBeLessThan(86_400_000);
    expect(() => verified(fresh?.secret, before)).toThrow('No matching signature');
    // The very next one: whoever changed the secret may have put it in place by now.
    await text(account, numberFor(3));
    const after = await receiver.next((callback) => callback !== before && of('message.delivered')(callback));
    for (const one of [fresh, old]) expect(verified(one?.secret, after)).toEqual(after.body);
    expect(await secretsOf(account)).toEqual([fresh, kept]);
  });

  test('that is not taken comes again in seconds, under its id, with a new time', async () => {
    let tries = 0;
    const receiver = await receives(() => (++tries === 1 ? 500 : 200));
    const account = await accountAt(null);
    const began = Date.now();
    await ask(account, { 'callback-url': `${receiver.url}/cb/${CANARY.token}?token=${CANARY.token}` });
    const first = await receiver.next(() => receiver.received.length === 1);
    const again = await receiver.next((callback) => callback !== first);
    expect(Date.now() - began).toBeGreaterThan(4_400);
    expect(again.path).toBe(`/cb/${CANARY.token}?token=${CANARY.token}`);
    expect([again.text, again.headers['webhook-id']]).toEqual([first.text, first.headers['webhook-id']]);
    expect(first.headers['webhook-id']).toMatch(/^cb_[^.]+$/);
    const seconds = Number(again.headers['webhook-timestamp']) - Number(first.headers['webhook-timestamp']);
    expect(seconds).toBeGreaterThanOrEqual(4);
    const [own] = await secretsOf(account);
    for (const callback of [first, again]) verified(own?.secret, callback);
  });

  test('tells of each final state of a message once', async () => {
    const receiver = await receives();
    const account = await accountAt(`${receiver.url}/own`);
    // The third is reported as delivered twice.
    const fates = { '9841110009': 'delivered', '9841110001': 'undelivered', '9841110003': 'delivered' };
    for (const number of Object.keys(fates)) await text(account, number);
    for (const [number, state] of Object.entries(fates)) {
      const { body } = await receiver.next(({ body }) => (body['data'] as { to: string }).to === `+977${number}`);
      expect(body).toMatchObject({ type: `message.${state}`, timestamp: expect.stringMatching(/Z$/) });
      expect(body['data']).toMatchObject({
        ...{ id: expect.stringMatching(/^msg_/), state, mode: 'test', dialect: 'tingting', carrier: 'handset' },
        ...{ segments: 1, credits: state === 'delivered' ? 1 : 0 },
        reason: state === 'delivered' ? null : 'receipt_undelivered',
      });
    }
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(3);
  });

  test("of a call that names no place goes to the account's own, in its dialect's words", async () => {
    const receiver = await receives();
    const account = await accountAt(`${receiver.url}/own`);
    const id = await ask(account, { code: CANARY.code, 'code-prompt': `It is ${CANARY.words}` });
    const own = { otp_options: 'personnel', otp: CANARY.otp };
    expect((await callBy(service.url, account.test, REFUSES.slice(4), undefined, own)).status).toBe(200);
    const { body } = await receiver.next(of('otp-finished'));
    expect(body).toMatchObject({ 'call-id': id, callee: PICKS_UP, result: { code: 10 } });
    const native = await receiver.next(of('call.finished'));
    expect(native.body['data']).toMatchObject({ to: REFUSES, outcome: 'rejected', dialect: 'tingting', credits: 0 });
    expect(native.path).toBe('/own');
  });

  test('is not sent again to whoever is gone', async () => {
    const receiver = await receives(() => 410);
    const account = await accountAt(`${receiver.url}/own`);
    await text(account, numberFor(4));
    const { headers } = await receiver.next(of('message.delivered'));
    expect(headers['webhook-id']).toBeDefined();
    await eventually(
      () => call<{ callback_url: string | null }>('GET', `${service.url}/v1/settings`, { key: account.test }),
      ({ body }) => body.callback_url === null,
    );
  });
});

test('each was sent once but for the one that was refused, and the store owes no more', async () => {
  expect(await service.stop()).toBe(0);
  const ends = Object.groupBy(outboxOf(data), ({ state, attempts }) => `${state} ${attempts}`);
  expect(Object.fromEntries(Object.entries(ends).map(([end, rows]) => [end, rows?.length]))).toEqual({
    'delivered 1': 9,
    'delivered 2': 1,
    'disabled 1': 1,
  });
  expect(bodies).toHaveLength(12);
});

test('no code stands in any of them, and no code, secret or place in the log', () => {
  expect(bodies.join()).toContain(PICKS_UP);
  expectNoSecrets({ bodies: bodies.join('\n'), log: service.log() }, secrets);
  expect(service.log()).toContain('callback_disabled');
  expect(service.log()).not.toContain('"level":"error"');
});
