import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawKey } from '../../accounts/key.ts';
import { PassbellError } from '../../errors.ts';
import { servedNatively } from './rig.ts';

let served: Awaited<ReturnType<typeof servedNatively>>;
let test: string;
let live: string;
beforeAll(async () => {
  served = await servedNatively();
});
beforeAll(async () => {
  ({ test, live } = (await served.rig.account()).account.keys);
});
afterAll(() => served.close());

const CODES = [
  ...[
    'malformed_request',
    'unauthorized',
    'credits_exhausted',
    'forbidden',
    'not_found',
    'method_not_allowed',
    'conflict',
  ],
  ...[
    'verification_ended',
    'idempotency_in_flight',
    'body_too_large',
    'unsupported_media_type',
    'invalid_request',
    'destination_refused',
  ],
  ...['idempotency_mismatch', 'rate_limited', 'internal', 'channel_unavailable', 'unavailable'],
];

/** Checks that an answer is problem details (RFC 9457) of the closed list. */
function expectProblem(answer: Awaited<ReturnType<typeof served.send>>, status: number, code: string): void {
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(Object.keys(answer.body)).toEqual(['type', 'title', 'status', 'detail', 'code', 'errors', 'request_id']);
  expect(answer.body).toMatchObject({ status, code, type: `urn:passbell:problem:${code}` });
  expect(answer.status).toBe(status);
  expect(CODES).toContain(code);
  expect(answer.text).not.toMatch(/stack|sqlite|SELECT|node_modules|\.ts/i);
}

describe('the key', () => {
  it.each<[string, string | undefined]>([
    ['is missing', undefined],
    ['is empty', ''],
    ['has another scheme', 'Basic dXNlcjpwdw=='],
    ['has no token', 'Bearer '],
    ['is no key', 'Bearer abc'],
    ['is nobody’s', `Bearer ${drawKey('live', { bytes: () => new Uint8Array(), below: () => 0 }).reveal()}`],
    ['has a second one beside it', 'Bearer a, Bearer b'],
    ['is 64 KB long', `Bearer ${'x'.repeat(65_536)}`],
    ['holds what a header cannot', 'Bearer \u00e9'],
  ])('refuses when it %s', async (_, authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await served.send({ method: 'GET', url: '/v1/balance', headers });
    expectProblem(answer, 401, 'unauthorized');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('refuses two Authorization headers, also of one right key', async () => {
    const { port } = new URL(await served.app.listen({ host: '127.0.0.1', port: 0 }));
    const socket = connect(Number(port), '127.0.0.1');
    const header = `Authorization: Bearer ${test}\r\n`;
    socket.write(`GET /v1/balance HTTP/1.1\r\nHost: x\r\n${header}Connection: close\r\n${header}\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 401 .*"code":"unauthorized"/s);
  });

  it('opens in any case of the scheme', async () => {
    const headers = { authorization: `bearer ${test}` };
    expect(await served.send({ method: 'GET', url: '/v1/balance', headers })).toMatchObject({ status: 200 });
  });

  it('refuses product tokens and admin tokens', async () => {
    const { account } = await served.rig.account();
    const admin = await served.rig.adminToken();
    for (const token of [account.productTokens.live, admin]) {
      expectProblem(await served.ask(token, 'GET /v1/balance'), 401, 'unauthorized');
    }
  });

  it('is asked for before anything else is told', async () => {
    expectProblem(await served.ask('abc', 'POST /v1/keys', { wrong: 1 }), 401, 'unauthorized');
    expectProblem(await served.ask('abc', 'GET /v1/nothing'), 401, 'unauthorized');
  });

  it('opens nothing once its account is disabled', async () => {
    const { account } = await served.rig.account();
    await served.rig.store.accounts.patch(account.id, { disabledAt: served.rig.clock.now() });
    expectProblem(await served.ask(account.keys.live, 'GET /v1/balance'), 403, 'forbidden');
  });
});

describe('requests that cannot be read', () => {
  const post = (payload: string | Buffer, type = 'application/json') =>
    served.send({
      ...{ method: 'POST', url: '/v1/keys', payload },
      headers: { authorization: `Bearer ${live}`, 'content-type': type },
    });

  it.each<[string, string | Buffer]>([
    ['not JSON', '{"name":'],
    ['poisoned', '{"name":"x","__proto__":{"admin":true}}'],
    ['UTF-16', Buffer.from('{"name":"x"}', 'utf16le')],
    ['gzip', Buffer.from('1f8b08000000000000ab56ca4bcc4d5502000000ffff', 'hex')],
  ])('get 400 for a body that is %s', async (_, payload) => {
    expectProblem(await post(payload), 400, 'malformed_request');
  });

  it('get 415 for another media type', async () => {
    expectProblem(await post('name=x', 'application/x-www-form-urlencoded'), 415, 'unsupported_media_type');
    expectProblem(await post('<a/>', 'application/xml'), 415, 'unsupported_media_type');
    expectProblem(await post('{"name":"x"}', 'text/plain'), 415, 'unsupported_media_type');
  });

  it('get 413 for a large one', async () => {
    expectProblem(await post(JSON.stringify({ name: 'x'.repeat(70_000) })), 413, 'body_too_large');
  });

  it.each<[string, string]>([
    ['10,000 levels', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['10,000 levels in a field', `{"name":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['a number for a text', '{"name":1}'],
  ])('get 422 for a body of %s', async (_, payload) => {
    expectProblem(await post(payload), 422, 'invalid_request');
  });

  it.each([
    ['POST', '/v1/keys', '{"name":%}'],
    ['POST', '/v1/senders', '%'],
    ['PATCH', '/v1/settings', '{"senders":[%]}'],
    ['PATCH', '/v1/settings', '{"countries":[%]}'],
  ] as const)(
    'get 422 for %s %s nested 30,000 deep in %s, also under an idempotency key',
    async (method, url, body) => {
      const answer = await served.send({
        ...{ method, url, payload: body.replace('%', '['.repeat(30_000) + ']'.repeat(30_000)) },
        headers: { authorization: `Bearer ${live}`, 'content-type': 'application/json', 'idempotency-key': 'deep' },
      });
      expectProblem(answer, 422, 'invalid_request');
      expect(answer.body.errors).toMatchObject([{ field: 'body' }]);
    },
  );

  it('get 404 for an unknown path and 405 for another method', async () => {
    expectProblem(await served.ask(live, 'GET /v1/nothing'), 404, 'not_found');
    expectProblem(await served.ask(live, 'GET /v1/'), 404, 'not_found');
    const answer = await served.ask(live, 'PUT /v1/keys');
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers['allow']).toBe('GET, POST');
  });

  it('get every fault at once, each with its field', async () => {
    const answer = await served.ask(live, 'POST /v1/keys', {
      mode: 'both',
      kind: null,
      account_id: 'x',
      credits_used: 0,
    });
    expectProblem(answer, 422, 'invalid_request');
    expect(answer.body.errors).toEqual([
      { field: 'name', message: 'is required' },
      { field: 'account_id', message: 'is not known here; known are: name, mode, kind' },
      { field: 'credits_used', message: 'is not known here; known are: name, mode, kind' },
      { field: 'mode', message: 'must be test or live' },
      { field: 'kind', message: 'must be api_key or product_token' },
    ]);
  });

  it('get a bounded answer to a body made of unknown fields', async () => {
    const body = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`${'f'.repeat(20)}${i}`, 1]));
    const answer = await served.ask(live, 'POST /v1/keys', body);
    expect(answer.body.errors).toHaveLength(50);
  });
});

describe('GET /v1/balance and /v1/credits', () => {
  it('show what is there', async () => {
    const { account } = await served.rig.account({ smsCredits: 12, voiceCredits: 0 });
    const { body } = await served.ask(account.keys.test, 'GET /v1/balance');
    expect(body).toEqual({
      sms: { available: 12, held: 0, captured: 0, granted: 12 },
      voice: { available: 0, held: 0, captured: 0, granted: 0 },
    });
    const credits = await served.ask(account.keys.test, 'GET /v1/credits');
    expect(credits.body).toEqual({
      data: [
        {
          ...{ kind: 'grant', pool: 'sms', amount: 12, subject: expect.any(String), note: 'Opening credits' },
          created_at: '2026-01-31T10:00:00.000Z',
        },
      ],
      next_cursor: null,
    });
  });

  it('page through the ledger without a gap or a repeat', async () => {
    const { rig } = served;
    const { account } = await rig.account({ smsCredits: 0, voiceCredits: 0 });
    for (let amount = 1; amount <= 7; amount++) {
      const grant = {
        accountId: account.id,
        id: rig.ids(),
        pool: 'sms',
        amount,
        note: null,
        at: rig.clock.now(),
      } as const;
      await rig.store.credits.grant(grant);
    }
    const amounts: number[] = [];
    let cursor = '';
    for (let page = 0; page < 3; page++) {
      const { body } = await served.ask(account.keys.live, `GET /v1/credits?limit=3${cursor}`);
      amounts.push(...body.data.map((entry: { amount: number }) => entry.amount));
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(amounts).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(cursor).toBe('&cursor=null');
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1e2',
    'limit=1000000000',
    'limit=1&limit=2',
    'cursor=x',
    'page=0',
    'limit=',
  ])('refuse ?%s', async (query) => {
    expectProblem(await served.ask(live, `GET /v1/credits?${query}`), 422, 'invalid_request');
  });
});

describe('what an operation does not take', () => {
  it.each([
    'GET /v1/balance?x=1',
    'GET /v1/settings?x=1',
    'GET /v1/voices?x=1',
    'GET /v1/templates?x=1',
    'POST /v1/keys?x=1',
    'DELETE /v1/templates/login?x=1',
    'GET /v1/audio/a.wav?x=1',
  ])('is refused and named in a query: %s', async (line) => {
    const answer = await served.ask(live, line, line.startsWith('POST') ? { name: 'x' } : undefined);
    expectProblem(answer, 422, 'invalid_request');
    expect(answer.body.errors).toEqual([{ field: 'x', message: 'is not known here; this takes no fields' }]);
  });

  it.each([
    'POST /v1/callbacks/secrets',
    'POST /v1/callbacks/cb_1/secrets',
    'POST /v1/callbacks/cb_1/ping',
    'DELETE /v1/callbacks/cb_1',
    'DELETE /v1/keys/key_1',
    'DELETE /v1/templates/login',
  ])('is refused and named in a body: %s', async (line) => {
    const answer = await served.ask(live, line, { a: 1 });
    expectProblem(answer, 422, 'invalid_request');
    expect(answer.body.errors).toEqual([{ field: 'a', message: 'is not known here; this takes no fields' }]);
  });

  it('is nothing of an empty object', async () => {
    const { account } = await served.rig.account();
    expect(await served.ask(account.keys.live, 'POST /v1/callbacks/secrets', {})).toMatchObject({ status: 200 });
    expectProblem(await served.ask(live, 'POST /v1/callbacks/secrets', []), 422, 'invalid_request');
  });

  it('names what is required where no body came', async () => {
    const answer = await served.ask(live, 'POST /v1/senders');
    expectProblem(answer, 422, 'invalid_request');
    expect(answer.body.errors).toEqual([{ field: 'sender', message: 'is required' }]);
    const patch = await served.ask(live, 'PATCH /v1/settings');
    expect(patch).toMatchObject({ status: 422, body: { errors: [{ field: 'body' }] } });
  });

  it('is no fault where a client names a type and sends nothing', async () => {
    const { account } = await served.rig.account();
    const json = { 'content-type': 'application/json' };
    for (const headers of [json, { ...json, 'content-length': '0' }]) {
      const answer = await served.ask(account.keys.live, 'POST /v1/callbacks/secrets', undefined, headers);
      expect(answer.status).toBe(200);
      const missing = await served.ask(live, 'POST /v1/senders', undefined, headers);
      expect(missing.body.errors).toEqual([{ field: 'sender', message: 'is required' }]);
    }
  });

  it('is named though it is called as what JavaScript has', async () => {
    const answer = await served.ask(live, 'POST /v1/senders', { sender: 'Acme', constructor: { prototype: { a: 1 } } });
    expectProblem(answer, 422, 'invalid_request');
    expect(answer.body.errors).toMatchObject([{ field: 'constructor' }]);
  });
});

describe('when the store is down', () => {
  it('answers 503 with Retry-After, and 500 for what it did not foresee, telling nothing', async () => {
    const logged: string[] = [];
    let fault: Error = new Error('SQLITE_IOERR at /var/lib/passbell.db');
    const other = await servedNatively(({ store }) => ({
      store: { ...store, credits: { ...store.credits, balances: () => Promise.reject(fault) } },
      log: { info() {}, warn() {}, error: (event, fields) => void logged.push(JSON.stringify([event, fields])) },
    }));
    try {
      const { account } = await other.rig.account();
      const answer = await other.ask(account.keys.live, 'GET /v1/balance');
      expectProblem(answer, 500, 'internal');
      expect(logged.join()).toContain('"/v1/balance"');
      fault = new PassbellError('internal', {}, { cause: new Error('invalid byte sequence: 9851023212') });
      expectProblem(await other.ask(account.keys.live, 'GET /v1/balance'), 500, 'internal');
      expect(logged).toHaveLength(2);
      fault = new PassbellError('unavailable', { reason: 'store' });
      const unavailable = await other.ask(account.keys.live, 'GET /v1/balance');
      expectProblem(unavailable, 503, 'unavailable');
      expect(unavailable.headers['retry-after']).toBe('1');
      expect(unavailable.body.detail).toContain('is not known: ask again with the same Idempotency-Key');
      fault = new PassbellError('unavailable', { reason: 'overloaded' });
      const { body } = await other.ask(account.keys.live, 'GET /v1/balance');
      expect(body.detail).toBe('Nothing was done. Try again shortly.');
      expect(logged).toHaveLength(2);
    } finally {
      await other.close();
    }
  });
});
