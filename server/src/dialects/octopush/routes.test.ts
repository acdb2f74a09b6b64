import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, GENERATE, NUMBER, openApi, VALIDATE } from './rig.ts';

const PATHS = [
  ['POST', GENERATE, 'POST'],
  ['PUT', VALIDATE, 'PUT, POST'],
  ['POST', VALIDATE, 'PUT, POST'],
] as const;

let api: Api;
let caller: Awaited<ReturnType<Api['caller']>>;
beforeAll(async () => {
  api = await openApi();
  caller = await api.caller();
});
afterAll(() => api.close());

describe.each(PATHS)('%s %s', (method, url, allow) => {
  test('needs the key of an account, and the e-mail of that account', async () => {
    const { login, keys } = caller.account;
    const other = (await api.caller()).account;
    const key = keys.test;
    const unknown = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
    for (const headers of [
      {},
      { 'api-login': login },
      { 'api-key': key },
      { 'api-login': '', 'api-key': key },
      { 'api-login': login, 'api-key': '' },
      { 'api-login': login, 'api-key': 'x' },
      { 'api-login': login, 'api-key': unknown },
      { 'api-login': login, 'api-key': `${key}, ${key}` },
      { 'api-login': login, 'api-key': 'x'.repeat(9_000) },
      { 'api-login': login, 'api-key': other.keys.test },
      { 'api-login': other.login, 'api-key': key },
      { 'api-login': `${login}, ${login}`, 'api-key': key },
      { authorization: `Bearer ${key}` },
    ]) {
      const answer = await api.app.inject({ method, url, headers });
      expect([headers, answer.statusCode]).toEqual([headers, 401]);
      expect(answer.body).toBe('{"code":101,"message":"Incorrect login details."}');
      expect(answer.headers['www-authenticate']).toBeDefined();
    }
    expect([api.starts, api.checks]).toEqual([[], []]);
  });

  test('is not for an account that was disabled', async () => {
    const { account, headers } = await api.caller();
    await api.store.accounts.patch(account.id, { disabledAt: api.clock.now() });
    await api.directory.refresh();
    const answer = await api.app.inject({ method, url, headers });
    expect([answer.statusCode, answer.json()]).toEqual([403, { code: 207, message: 'This account is disabled.' }]);
  });

  test('takes no other method', async () => {
    for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      if (allow.split(', ').includes(other)) continue;
      const answer = await api.app.inject({ method: other, url, payload: 'x', headers: { 'content-type': 'text/x' } });
      expect([other, answer.statusCode, answer.headers['allow']]).toEqual([other, 405, allow]);
      expect(answer.json()).toEqual({ code: 100, message: `This path takes ${allow} only.` });
    }
  });

  test('stands with a slash at its end', async () => {
    expect((await api.app.inject({ method, url: `${url}/` })).statusCode).toBe(401);
  });
});

test('takes the headers’ names and the e-mail in any case', async () => {
  const { login, keys } = caller.account;
  const headers = { 'API-Login': ` ${login.toUpperCase()}`, 'Api-Key': keys.live };
  const answer = await api.app.inject({ method: 'POST', url: GENERATE, payload: { phone_number: NUMBER }, headers });
  expect(answer.statusCode).toBe(200);
  expect(api.starts.at(-1)).toMatchObject({ mode: 'live' });
});

describe('an e-mail with letters outside ASCII', () => {
  async function statusOf(login: string, sent: Buffer): Promise<number> {
    const { account } = await api.caller({ login });
    // As Node reads the octets of a header.
    const headers = { 'api-login': sent.toString('latin1'), 'api-key': account.keys.test };
    return (await api.app.inject({ method: 'PUT', url: VALIDATE, payload: {}, headers })).statusCode;
  }

  test.each<[string, Buffer]>([
    ['josé@shop.fr', Buffer.from('josé@shop.fr')],
    ['renée@shop.fr', Buffer.from(' RENÉE@Shop.fr ')],
    ['andré@shop.fr', Buffer.from('André@shop.fr', 'latin1')],
    ['मीरा@shop.example', Buffer.from('मीरा@shop.example')],
    // What `ré` in UTF-8 looks like in Latin-1 and small letters.
    ['rã©@shop.fr', Buffer.from('rã©@shop.fr')],
  ])('%s works as sent in UTF-8 or Latin-1', async (login, sent) => {
    expect(await statusOf(login, sent)).toBe(400);
  });

  test.each<[string, Buffer]>([
    ['jose@shop.fr', Buffer.from('josé@shop.fr')],
    // What a decoder writes for octets that are no UTF-8.
    ['jos\ufffd@shop.fr', Buffer.from('josé@shop.fr', 'latin1')],
    ['zoé@shop.fr', Buffer.from(Buffer.from('zoé@shop.fr').toString('latin1'))],
  ])('%s is no other', async (login, sent) => {
    expect(await statusOf(login, sent)).toBe(401);
  });
});

test.each([
  ...[
    '/v1/public',
    '/v1/public/',
    '/v1/public/service/otp',
    '/v1/public/sms-campaign/send',
    `${GENERATE}/x`,
    `${VALIDATE}s`,
  ],
  '/v1/public/service/%2e%2e/otp/generate',
])('knows no %s', async (path) => {
  for (const method of ['GET', 'POST', 'PUT'] as const) {
    const answer = await api.app.inject({ method, url: path });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 100 });
  }
});
