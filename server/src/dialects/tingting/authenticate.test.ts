import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Api, openApi, PUBLIC_URL, SEND } from './rig.ts';

const PROFILE = '/api/v1/auths/user-profile/';
const send = { number: '9861489014', message: '{otp}', sms_send_options: 'text' };

let api: Api;
let caller: Awaited<ReturnType<Api['caller']>>;
let session: string;
beforeAll(async () => {
  api = await openApi();
  caller = await api.caller();
  const signIn = await api.sessions.signIn(caller.user.email, caller.user.password ?? '');
  session = `other=1; access_token=${signIn?.access}`;
});
afterAll(() => api.close());
beforeEach(() => {
  api.sends.length = 0;
});

const get = (headers: Record<string, string>) => api.app.inject({ url: PROFILE, headers });
const post = (headers: Record<string, string>) => api.app.inject({ method: 'POST', url: SEND, payload: send, headers });

describe('a bearer token', () => {
  it('speaks for its account in its mode', async () => {
    for (const mode of ['test', 'live'] as const) {
      await post({ authorization: `bearer  ${caller.account.keys[mode]}` });
      expect(api.sends.at(-1)).toMatchObject({ mode, account: { id: caller.account.id } });
    }
  });

  it.each([
    ['missing', {}],
    ['empty', { authorization: '' }],
    ['of another scheme', { authorization: 'Basic dXNlcjpwYXNz' }],
    ['without a token', { authorization: 'Bearer ' }],
    ['with two tokens', { authorization: 'Bearer a b' }],
    ['malformed', { authorization: `Bearer ${'a'.repeat(64)}` }],
    ['too long', { authorization: `Bearer ${'a'.repeat(65_536)}` }],
    ['unknown', { authorization: 'Bearer pb_test_AAAAAAAAAAAAAAAAAAAAAAAAAAAA4mYrNp' }],
    ['beside an unknown cookie', { cookie: 'access_token=pba_x' }],
    ['with a broken cookie', { cookie: 'access_token=%E0%A4%A; ===;;' }],
  ])('is refused when it is %s', async (_, headers) => {
    for (const answer of [await get(headers), await post(headers)]) {
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="passbell"/);
      const body = answer.json();
      expect(body).toMatchObject({ status: 401, success: false, errors: [], data: {} });
      expect(body.detail).toBe(body.message);
      expect(body.detail).toMatch(/\.$/);
    }
    expect(api.sends).toEqual([]);
  });

  it('is not replaced by a cookie when it is wrong', async () => {
    expect((await get({ authorization: 'Bearer nothing', cookie: session })).statusCode).toBe(401);
  });

  it('stops with its account', async () => {
    const other = await api.caller();
    await api.store.accounts.patch(other.account.id, { disabledAt: api.clock.now() });
    await api.directory.refresh();
    const answer = await other.get(PROFILE);
    expect(answer.statusCode).toBe(403);
    expect(answer.json().message).toBe('This account is disabled.');
  });

  it('is checked before the body is read', async () => {
    const answer = await api.app.inject({
      method: 'POST',
      url: SEND,
      payload: 'x',
      headers: { 'content-type': 'text/plain' },
    });
    expect(answer.statusCode).toBe(401);
  });

  it('keeps its answers out of caches', async () => {
    expect((await caller.get(PROFILE)).headers['cache-control']).toBe('no-store');
  });
});

describe('headers that only a socket can carry', () => {
  async function raw(headers: string): Promise<string> {
    if (!api.app.server.listening) await api.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = api.app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (data) => {
      answer += data;
    });
    socket.write(`GET ${PROFILE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n\r\n`);
    await once(socket, 'close');
    return answer;
  }
  const right = () => `Authorization: Bearer ${caller.account.keys.test}`;

  it('one Authorization header is served', async () => {
    expect(await raw(right())).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('two are refused, whichever comes first', async () => {
    for (const other of ['Authorization: Bearer x', right(), 'AUTHORIZATION: Basic x']) {
      expect(await raw(`${right()}\r\n${other}`)).toMatch(/^HTTP\/1\.1 401 /);
      expect(await raw(`${other}\r\n${right()}`)).toMatch(/^HTTP\/1\.1 401 /);
    }
  });

  it('more of it than Node reads is refused', async () => {
    expect(await raw(`Authorization: Bearer ${'a'.repeat(20_000)}`)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('a session cookie', () => {
  it('reads without more ado', async () => {
    const answer = await get({ cookie: session, origin: 'https://evil.example' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().user.email).toBe(caller.user.email);
  });

  it.each([
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-origin', origin: 'http://behind-a-proxy:8080' },
    { origin: PUBLIC_URL },
    { 'x-requested-with': 'XMLHttpRequest' },
    { origin: PUBLIC_URL, 'x-requested-with': 'XMLHttpRequest' },
  ])('sends from our own pages: %j', async (headers) => {
    expect((await post({ cookie: session, ...headers })).statusCode).toBe(200);
    expect(api.sends).toMatchObject([{ mode: 'test', account: { id: caller.account.id } }]);
  });

  it.each([
    {},
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `${PUBLIC_URL}.evil.example` },
    { origin: 'http://otp.example.com' },
    { origin: `${PUBLIC_URL}:8443` },
    { origin: 'https://evil.example', host: 'evil.example' },
    { origin: 'https://evil.example', 'x-requested-with': 'XMLHttpRequest' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: PUBLIC_URL },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'cross-site', 'x-requested-with': 'XMLHttpRequest' },
    { 'x-requested-with': '' },
  ])('does not send from elsewhere: %j', async (headers) => {
    const answer = await post({ cookie: session, ...headers });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ status: 403, message: expect.stringContaining('X-Requested-With') });
    expect(api.sends).toEqual([]);
  });
});
