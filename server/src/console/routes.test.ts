import { afterEach, expect, test } from 'vitest';
import { outboundSms } from '../handset/outbound-sms-example.ts';
import { VERSION } from '../version.ts';
import { OWN, SIGNED_IN, servedConsole } from './console-rig.ts';

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function served(options: Parameters<typeof servedConsole>[0] = {}) {
  const rig = await servedConsole(options);
  undo.push(rig.close);
  return rig;
}

test('signing in hands over a cookie that only the console gets back', async () => {
  const { post } = await served();
  const answer = await post('sign-in', { email: 'op@example.com', password: 'right' });
  expect(answer.statusCode).toBe(204);
  expect(answer.headers['set-cookie']).toBe(
    'passbell_console=token-1; Max-Age=86400; Path=/console; HttpOnly; SameSite=Strict',
  );
});

test('behind an https URL the cookie travels over TLS alone', async () => {
  const { post } = await served({ publicUrl: 'https://otp.example.com' });
  const answer = await post('sign-in', { email: 'op@example.com', password: 'right' });
  expect(answer.headers['set-cookie']).toContain('; Secure');
});

test('a wrong password, or none, sets no cookie', async () => {
  const { post } = await served();
  const wrong = await post('sign-in', { email: 'op@example.com', password: 'wrong' });
  expect(wrong.statusCode).toBe(401);
  const absent = await post('sign-in', { email: { $ne: null } });
  expect(absent.json()).toMatchObject({ status: 422, errors: [{ field: 'email' }, { field: 'password' }] });
  expect([wrong.headers['set-cookie'], absent.headers['set-cookie']]).toEqual([undefined, undefined]);
});

test('pages of other origins can neither sign a browser in nor out', async () => {
  const { post } = await served();
  const login = { email: 'op@example.com', password: 'right' };
  for (const headers of [{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
    expect((await post('sign-in', login, headers)).json()).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await post('sign-out', {}, headers)).json()).toMatchObject({ status: 403, code: 'forbidden' });
  }
  expect((await post('sign-in', login, { origin: 'http://127.0.0.1:8080' })).statusCode).toBe(204);
});

test('signing out ends the session and takes the cookie back', async () => {
  const { post, get } = await served();
  const answer = await post('sign-out', {}, { ...OWN, ...SIGNED_IN });
  expect(answer.headers['set-cookie']).toContain('passbell_console=; Max-Age=0; Path=/console');
  expect((await get('status')).statusCode).toBe(401);
});

test('nothing is shown without a session', async () => {
  const { app } = await served();
  for (const path of ['status', 'messages', 'events', 'calls', 'calls/call_1', 'calls/call_1/audio.wav']) {
    for (const cookie of ['', 'passbell_console=other', `passbell_console=${'x'.repeat(600)}`]) {
      expect((await app.inject({ url: `/console/api/${path}`, headers: { cookie } })).statusCode).toBe(401);
    }
  }
});

test('an operator sees what runs, a member only who they are', async () => {
  const { get, clock } = await served();
  clock.advance(61_000);
  expect((await get('status')).json()).toEqual({
    account: { name: 'Acme', mode: 'test' },
    role: 'operator',
    service: {
      version: VERSION,
      node: 'node-1',
      store: 'sqlite',
      ready: true,
      uptime_seconds: 61,
      queued: 3,
      carriers: [{ name: 'handset', mode: 'test', priority: 0, state: 'up', free: 5_000, trouble: null }],
      trunks: [{ name: 'handset', mode: 'test', priority: 0, state: 'up', free: 1_000, trouble: null }],
    },
  });
  const member = await served({ role: 'member' });
  expect((await member.get('status')).json()).toEqual({
    account: { name: 'Acme', mode: 'test' },
    role: 'member',
    service: null,
  });
});

test('the inbox shows the messages of the account', async () => {
  const { get, handset } = await served();
  await handset.carrier.send(outboundSms('+9779851023212', { text: '482913' }), new AbortController().signal);
  expect((await get('messages')).json()).toMatchObject({ data: [{ to: '+9779851023212', text: '482913' }] });
});

test('the page may load from this service alone, and its styles carry the nonce of the answer', async () => {
  const { app } = await served();
  const nonces = new Set<string>();
  for (let i = 0; i < 2; i++) {
    const { headers, body } = await app.inject('/console');
    const nonce = /content="([^"]+)"/.exec(body)?.[1] ?? '';
    nonces.add(nonce);
    expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  }
  expect(nonces.size).toBe(2);
  expect([...nonces]).not.toContain('__NONCE__');
});

test('files are served from the assets alone, for good', async () => {
  const { app } = await served();
  const script = await app.inject('/console/assets/index-1a2b.js');
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(script.headers['content-type']).toContain('javascript');
  for (const path of ['../secret.txt', '..%2fsecret.txt', '%2e%2e/secret.txt', '', 'other.js']) {
    expect((await app.inject(`/console/assets/${path}`)).statusCode).toBeGreaterThanOrEqual(400);
  }
});

test('without a build the page says how to make one', async () => {
  const { app } = await served({ built: false });
  const answer = await app.inject('/console');
  expect(answer.statusCode).toBe(503);
  expect(answer.body).toContain('npm run build');
});
