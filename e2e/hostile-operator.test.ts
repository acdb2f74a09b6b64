import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balance, call } from './service/api.ts';
import { type Service, startService } from './service/service.ts';
import { expectUnharmed, openTarget, type Target } from './service/target.ts';

/** What may be asked of Passbell's own API and the operator's: each fault is a problem of the closed list, and changes nothing. */

interface Problem {
  readonly code?: string;
  readonly request_id?: string;
}

const DEEP = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;

/** None of these is right for any path. */
const BODIES: readonly unknown[] = [
  ...['', 'null', '[]', '5', '"x"', '{', '\0', '{"__proto__":{"admin":true}}', DEEP, `{"a":${DEEP}}`],
  ...['name', 'sender', 'senders', 'settings', 'amount', 'login'].map((field) => `{"${field}":[${DEEP}]}`),
  ...[{ account_id: 'x' }, { credits_used: 0 }, { name: 'a\0' }, { name: 1 }, { mode: 'admin' }, { sender: 'a\r\nb' }],
  ...[{ ttl_seconds: 1e9 }, { reveal_seconds: -1 }, { number_limits: [{ count: 0, period_seconds: 0 }] }],
  ...[{ countries: ['XX'] }, { countries: ['*', 'NP'] }, { senders: [[]] }, { settings: null }, { disabled: 'yes' }],
  ...[0, -0, 0.5, 1e13, 1e308, '1', null].map((amount) => ({ pool: 'sms', amount })),
  { pool: '__proto__', amount: 1 },
  { pool: 'sms', amount: 1, note: 'a\r\nb' },
  { kind: 'smpp', host: 'a\r\nb', port: 1e9, system_id: 'x'.repeat(99), password: 1 },
  { kind: '__proto__' },
  { name: 'A', login: 'a\0@example.com', country: 'NP', timezone: 'UTC' },
  { name: 'A', login: 'a\x1b[2J@example.com', country: 'NP', timezone: 'UTC' },
  { name: 'A', login: 'a@example.com', country: 'np', timezone: '../../etc/localtime' },
  { name: 'A', login: 'a@example.com', country: 'NP', timezone: 'UTC', sms_credits: 1e13 },
];

const NOWHERE = ['%00', '%zz', '%ff', '%2e%2e%2f', '__proto__', "'%20OR%201=1", 'x'.repeat(5_000), '%00'.repeat(30)];

let service: Service;
let victim: Target;
let admin: string;
let at: string;
beforeAll(async () => {
  service = await startService();
  victim = await openTarget(service);
  admin = service.ready.admin_token ?? '';
  at = `/admin/v1/accounts/${victim.account.id}`;
});
afterAll(() => service.stop());

const ask = (method: string, path: string, key: string, body?: unknown, headers: Record<string, string> = {}) =>
  call<Problem>(method, service.url + path, { key, body, headers });

/** All that the attacks could have changed. */
async function everything(): Promise<unknown> {
  const { live } = victim.account;
  const paths: [string, string][] = [
    ...[
      ['/v1/keys', live],
      ['/v1/senders', live],
      ['/v1/settings', live],
      ['/v1/credits', live],
    ],
    ...[
      [at, admin],
      ['/admin/v1/accounts', admin],
      ['/admin/v1/carriers', admin],
    ],
  ] as [string, string][];
  const answers = await Promise.all(paths.map(([path, key]) => ask('GET', path, key)));
  return answers.map(({ body }) => JSON.stringify(body).replaceAll(/"last_used_at":[^,]+,/g, ''));
}

describe('bodies', () => {
  it.each([
    ['POST', '/v1/keys'],
    ['POST', '/v1/senders'],
    ['PATCH', '/v1/settings'],
    ['POST', '/admin/v1/accounts'],
    ['PATCH', '/admin/v1/accounts/:id'],
    ['POST', '/admin/v1/accounts/:id/credits'],
    ['PUT', '/admin/v1/carriers/x'],
    ['POST', '/admin/v1/carriers/x/check'],
  ])('%s %s refuses every one of them, with an idempotency key and without', async (method, route) => {
    const path = route.replace(':id', victim.account.id);
    const key = route.startsWith('/admin') ? admin : victim.account.live;
    const before = await everything();
    for (const [i, body] of BODIES.entries()) {
      for (const headers of [{}, { 'idempotency-key': `hostile-${i}` }] as Record<string, string>[]) {
        const answer = await ask(method, path, key, body, headers);
        const tried = `${method} ${path} ${JSON.stringify(body).slice(0, 99)}`;
        expect([400, 404, 415, 422], tried).toContain(answer.status);
        expect(answer.headers.get('content-type'), tried).toMatch(/^application\/problem\+json/);
        expect(answer.body.code, tried).toMatch(
          /^(malformed_request|invalid_request|not_found|unsupported_media_type)$/,
        );
      }
    }
    expect(await everything()).toEqual(before);
  });
});

describe('places', () => {
  it('in lists that there cannot be are refused', async () => {
    const { live, test } = victim.account;
    const places = ['limit=0', 'limit=-1', 'limit=1000000000', 'limit=1e1', 'limit=1&limit=2', 'page=0', '__proto__=1'];
    const cursors = ['cursor=x', 'cursor=%00', `cursor=${'A'.repeat(5_000)}`, 'cursor=a&cursor=b'];
    for (const path of [
      '/v1/credits',
      '/v1/keys',
      '/v1/senders',
      `${at}/credits`,
      '/admin/v1/accounts',
      '/admin/v1/carriers',
    ]) {
      for (const query of [...places, ...cursors]) {
        const answer = await ask('GET', `${path}?${query}`, path.startsWith('/admin') ? admin : live);
        expect(answer.status, `${path}?${query}`).toBe(422);
      }
    }
    const waits = ['wait=61', 'wait=-1', 'wait=1e1', 'wait=0&wait=0', 'after=x', 'after=msg_x', 'to=x', 'to=%00'];
    for (const query of waits) {
      expect((await ask('GET', `/v1/handset/messages/next?${query}`, test)).status, query).toBe(422);
    }
    for (const query of [...places, 'to=%00', 'to=x', `to=${'9'.repeat(65)}`]) {
      expect((await ask('GET', `/v1/handset/messages?${query}`, test)).status, query).toBe(422);
    }
  });

  it('in paths that there cannot be are refused', async () => {
    const before = await everything();
    for (const path of ['/v1/keys', '/v1/senders', '/admin/v1/accounts', '/admin/v1/carriers', '/v1', '/admin/v1']) {
      for (const wild of NOWHERE) {
        for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
          const key = path.startsWith('/admin') ? admin : victim.account.live;
          const { status } = await ask(method, `${path}/${wild}`, key, method === 'GET' ? undefined : {});
          expect([400, 404, 405, 414, 422], `${method} ${path}/${wild}`).toContain(status);
        }
      }
    }
    expect(await everything()).toEqual(before);
  });

  it('under idempotency keys that are none are refused', async () => {
    for (const key of ['', ' ', 'a b', 'é', 'x'.repeat(256), 'x'.repeat(8_000)]) {
      const answer = await ask(
        'POST',
        '/v1/senders',
        victim.account.live,
        { sender: 'Acme' },
        { 'idempotency-key': key },
      );
      expect(answer.status, JSON.stringify(key)).toBe(422);
    }
  });
});

it('credits can neither be taken below zero nor counted past what numbers hold', async () => {
  const before = await balance(service.url, victim.account.live);
  const grant = (amount: number) => ask('POST', `${at}/credits`, admin, { pool: 'sms', amount });
  expect((await grant(-before.granted - 1)).status).toBe(402);
  const taken = await Promise.all(Array.from({ length: 8 }, () => grant(-before.granted)));
  expect(taken.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(402)]);
  await Promise.all(Array.from({ length: 20 }, () => grant(1e12)));
  expect((await balance(service.url, victim.account.live)).available).toBe(20e12);
  await victim.audit();
});

it('is unharmed by all of it', () => expectUnharmed(service, [victim]));
