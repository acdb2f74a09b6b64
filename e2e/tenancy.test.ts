import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  balance,
  call,
  listAll,
  numberFor,
  openAccount,
  sendText,
  type TestAccount,
} from './service/api.ts';
import { eventually } from './service/eventually.ts';
import { inboxOf } from './service/inbox.ts';
import { checkLedger, ledger } from './service/ledger.ts';
import { type Service, startService } from './service/service.ts';

/** Two accounts: what one has, the other neither sees, nor changes, nor spends, nor locks. */

interface Tenant extends TestAccount {
  /** Of a key of its own that it can spare. */
  readonly keyId: string;
  readonly keyText: string;
  readonly sender: string;
  readonly number: string;
}

let service: Service;
let admin: string;
let ours: Tenant;
let theirs: Tenant;

const ask = (method: string, path: string, key: string, body?: unknown, headers: Record<string, string> = {}) =>
  call(method, service.url + path, { key, body, headers });

async function openTenant(sender: string, number: string): Promise<Tenant> {
  const account = await openAccount(service.url, admin, { credits: 50, limits: [{ count: 3, period_seconds: 600 }] });
  const made = await ask('POST', '/v1/keys', account.live, { name: `spare of ${sender}` });
  expect((await ask('POST', '/v1/senders', account.live, { sender })).status).toBe(201);
  expect((await sendText(service.url, account.test, number, `${sender}: {otp}`)).status).toBe(200);
  await eventually(
    () => balance(service.url, account.test),
    ({ captured }) => captured === 1,
  );
  return { ...account, keyId: `${made.body['id']}`, keyText: `${made.body['key']}`, sender, number };
}

beforeAll(async () => {
  service = await startService();
  admin = service.ready.admin_token ?? '';
  ours = await openTenant('Ours', numberFor(1));
  theirs = await openTenant('Theirs', numberFor(2));
});
afterAll(() => service.stop());

/** All that a tenant has, as the service tells it. */
async function holdings({ id, live, test }: Tenant): Promise<string> {
  const paths: [string, string][] = [
    ['/v1/keys', live],
    ['/v1/senders', live],
    ['/v1/settings', live],
    ['/v1/credits', live],
    ['/v1/balance', live],
    ['/v1/handset/messages', test],
    ['/api/v1/auths/list/send-otps/', test],
    ['/api/v1/auths/user-profile/', test],
    [`/admin/v1/accounts/${id}`, admin],
  ];
  const answers = await Promise.all(paths.map(([path, key]) => ask('GET', path, key)));
  for (const { status } of answers) expect(status).toBe(200);
  return JSON.stringify(answers.map(({ body }) => body)).replaceAll(/"last_used_at":[^,]+,/g, '');
}

function withoutRequestId({ status, body }: Answer<Record<string, unknown>>): unknown {
  const { request_id: _, ...rest } = body;
  return { status, ...rest };
}

describe('by id', () => {
  it('nothing of theirs answers to our keys, and a foreign id looks like one that nobody has', async () => {
    const before = await holdings(theirs);
    const nobody = `key_${crypto.randomUUID()}`;
    for (const key of [ours.live, ours.test, ours.keyText]) {
      for (const after of ['', '?after=60']) {
        const foreign = await ask('DELETE', `/v1/keys/${theirs.keyId}${after}`, key);
        expect(foreign.status).toBe(404);
        expect(withoutRequestId(foreign)).toEqual(
          withoutRequestId(await ask('DELETE', `/v1/keys/${nobody}${after}`, key)),
        );
      }
      const sender = await ask('DELETE', `/v1/senders/${theirs.sender}`, key);
      expect(sender.status).toBe(404);
      expect(withoutRequestId(sender)).toEqual(withoutRequestId(await ask('DELETE', '/v1/senders/Nobodys', key)));
    }
    expect(await holdings(theirs)).toBe(before);
    expect((await ask('GET', '/v1/balance', theirs.keyText)).status).toBe(200);
  });

  it("nothing of the operator's answers to anyone's keys", async () => {
    const before = await holdings(theirs);
    const at = `/admin/v1/accounts/${theirs.id}`;
    const paths: [string, string, unknown?][] = [
      ['GET', '/admin/v1/accounts'],
      ['POST', '/admin/v1/accounts', { name: 'x', login: 'x@example.com', country: 'NP', timezone: 'UTC' }],
      ['GET', at],
      ['PATCH', at, { disabled: true }],
      ['GET', `${at}/credits`],
      ['POST', `${at}/credits`, { pool: 'sms', amount: 1 }],
      ['GET', '/admin/v1/carriers'],
      ['PUT', '/admin/v1/carriers/x', { kind: 'smpp', host: '127.0.0.1', port: 1, system_id: 'a', password: 'b' }],
      ['DELETE', '/admin/v1/carriers/x'],
      ['POST', '/admin/v1/carriers/x/check', {}],
      ['GET', '/admin/v1/nothing'],
    ];
    const { product_tokens } = service.ready.account ?? {};
    const keys = [ours.live, ours.test, theirs.live, product_tokens?.live ?? '', `pb_admin_${ours.live.slice(8)}`, 'x'];
    for (const [method, path, body] of paths) {
      for (const key of keys) expect((await ask(method, path, key, body)).status, `${method} ${path}`).toBe(401);
    }
    expect(await holdings(theirs)).toBe(before);
  });

  it('nothing of an account answers to admin or product tokens', async () => {
    const { product_tokens } = service.ready.account ?? {};
    for (const key of [admin, product_tokens?.test ?? '', product_tokens?.live ?? '']) {
      for (const path of ['/v1/balance', '/v1/keys', '/v1/handset/messages']) {
        expect((await ask('GET', path, key)).status, path).toBe(401);
      }
    }
    for (const path of ['/api/v1/auths/list/send-otps/', '/api/v1/auths/get-api-keys/']) {
      expect((await ask('GET', path, admin)).status, path).toBe(401);
    }
  });
});

describe('lists', () => {
  it('never mix, however one asks', async () => {
    const traces = [
      theirs.id,
      theirs.keyId.slice(4),
      theirs.keyText,
      theirs.sender,
      theirs.number,
      `+977${theirs.number}`,
    ];
    const { data } = (await ask('GET', '/v1/keys?limit=1', theirs.live)).body as { data: { id: string }[] };
    const cursor = Buffer.from(data[0]?.id.slice(4) ?? '').toString('base64url');
    const [message] = await inboxOf(service.url, theirs.test);
    const asked = [
      ...['/v1/keys', '/v1/credits', '/v1/senders'].flatMap((path) => [path, `${path}?cursor=${cursor}`]),
      ...['/v1/settings', '/v1/balance', '/v1/handset/messages', `/v1/handset/messages?to=${theirs.number}`],
      ...[
        `/v1/handset/messages/next?wait=0&after=${message?.id}`,
        `/v1/handset/messages/next?wait=0&to=${theirs.number}`,
      ],
      ...['/api/v1/auths/list/send-otps/', `/api/v1/auths/list/send-otps/?number=${theirs.number}`],
      ...[
        '/api/v1/auths/user-profile/',
        '/api/v1/auths/get-api-keys/',
        `/api/v1/auths/list/send-otps/?account_id=${theirs.id}`,
      ],
    ];
    for (const path of asked) {
      const { status, body } = await ask('GET', path, ours.test);
      expect([200, 204, 422], path).toContain(status);
      const text = JSON.stringify(body);
      for (const trace of traces) expect(text.includes(trace), `${path} shows ${trace}`).toBe(false);
    }
    expect((await listAll(service.url, ours.test)).map((row) => row.phone_number)).toEqual([ours.number]);
    expect((await inboxOf(service.url, ours.test)).map(({ to }) => to)).toEqual([`+977${ours.number}`]);
    const subjects = new Set((await ledger(service.url, ours.live)).map(({ subject }) => subject));
    for (const { subject } of await ledger(service.url, theirs.live)) expect(subjects.has(subject)).toBe(false);
  });

  it('of events bring the messages of the reader alone', async () => {
    const stop = new AbortController();
    const events = await fetch(`${service.url}/v1/handset/events`, {
      headers: { authorization: `Bearer ${ours.test}` },
      signal: stop.signal,
    });
    await sendText(service.url, theirs.test, theirs.number, 'theirs {otp}');
    await eventually(
      () => inboxOf(service.url, theirs.test),
      (messages) => messages.length === 2,
    );
    await sendText(service.url, ours.test, ours.number, 'ours {otp}');
    let read = '';
    for await (const chunk of events.body ?? []) {
      read += Buffer.from(chunk).toString();
      if (read.includes('event: message')) break;
    }
    stop.abort();
    expect(read).toContain('"text":"ours ');
    expect(read).not.toContain('theirs');
  });
});

describe('inside one account', () => {
  it('a test key reaches nothing live, and a live key no sandbox', async () => {
    const { keyId, test, live } = ours;
    expect((await ask('DELETE', `/v1/keys/${keyId}`, test)).status).toBe(404);
    expect((await ask('POST', '/v1/keys', test, { name: 'x', mode: 'live' })).status).toBe(403);
    expect((await ask('GET', '/v1/handset/messages', live)).status).toBe(403);
    expect((await ask('GET', '/v1/handset/messages/next?wait=0', live)).status).toBe(403);
    expect((await ask('GET', '/v1/handset/events', live)).status).toBe(403);
    expect((await ask('GET', '/v1/balance', ours.keyText)).status).toBe(200);
  });
});

describe('what is counted and remembered', () => {
  it('an idempotency key means another thing to each account, to each mode, and to the operator', async () => {
    const headers = { 'idempotency-key': 'the-same' };
    const body = { name: 'once', mode: 'test' };
    const made = [
      await ask('POST', '/v1/keys', ours.test, body, headers),
      await ask('POST', '/v1/keys', ours.live, body, headers),
      await ask('POST', '/v1/keys', theirs.test, body, headers),
      await ask('POST', '/v1/keys', theirs.live, body, headers),
    ];
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(made.map(({ body }) => body['key'])).size).toBe(4);
    const grant = { pool: 'sms', amount: 1 };
    for (const { id } of [ours, theirs]) {
      const at = `/admin/v1/accounts/${id}/credits`;
      const realm = { 'idempotency-key': `admin-${id}` };
      expect((await ask('POST', at, admin, grant, realm)).status).toBe(201);
      expect((await ask('POST', at, admin, grant, realm)).headers.get('idempotent-replayed')).toBe('true');
    }
    // The operator's key of one path is spent for the other.
    const crossed = { 'idempotency-key': `admin-${ours.id}` };
    expect((await ask('POST', `/admin/v1/accounts/${theirs.id}/credits`, admin, grant, crossed)).status).toBe(422);
  });

  it('a limit that one account reached is no limit of the other, for the very same number', async () => {
    const number = numberFor(7);
    const mine = await Promise.all(Array.from({ length: 5 }, () => sendText(service.url, ours.test, number)));
    expect(mine.filter(({ status }) => status === 429)).toHaveLength(2);
    const other = await Promise.all(Array.from({ length: 5 }, () => sendText(service.url, theirs.test, number)));
    expect(other.filter(({ status }) => status === 429)).toHaveLength(2);
  });

  it('credits that one account has none of are not taken from the other', async () => {
    const poor = await openAccount(service.url, admin, { credits: 0 });
    const before = await holdings(theirs);
    expect((await sendText(service.url, poor.test, theirs.number)).status).toBe(402);
    expect(await holdings(theirs)).toBe(before);
    for (const { live } of [ours, theirs, poor]) await checkLedger(service.url, live);
  });
});
