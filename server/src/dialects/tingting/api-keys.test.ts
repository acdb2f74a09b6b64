import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, openApi } from './rig.ts';

const GENERATE = '/api/v1/auths/generate-api-keys/';
const SHOW = '/api/v1/auths/get-api-keys/';
const PROFILE = '/api/v1/auths/user-profile/';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const as = (token: string) => ({ authorization: `Bearer ${token}` });
const statusOf = async (token: string) => (await api.app.inject({ url: PROFILE, headers: as(token) })).statusCode;

describe('a new token', () => {
  it('works at once, and the one before it no longer', async () => {
    const { account, post } = await api.caller();
    const answer = await post(GENERATE, undefined);
    expect(answer.statusCode).toBe(200);
    const { token, message } = answer.json();
    expect(message).toBe('New API token generated successfully');
    expect(token).toMatch(/^pb_test_/);
    expect(await statusOf(token)).toBe(200);
    expect(await statusOf(account.keys.test)).toBe(401);
    expect(await statusOf(account.keys.live)).toBe(200);
  });

  it('is made for a session too, in the account’s own mode', async () => {
    const { account, user } = await api.caller();
    await api.store.accounts.patch(account.id, { mode: 'live' });
    const signIn = await api.sessions.signIn(user.email, user.password ?? '');
    const cookies = { access_token: signIn?.access ?? '' };
    const headers = { 'sec-fetch-site': 'same-origin' };
    const answer = await api.app.inject({ method: 'POST', url: GENERATE, cookies, headers });
    expect(answer.json().token).toMatch(/^pb_live_/);
    expect(await statusOf(account.keys.live)).toBe(401);
    expect(await statusOf(account.keys.test)).toBe(200);
  });

  it('leaves other accounts and product tokens alone', async () => {
    const other = await api.caller();
    const { account, post } = await api.caller();
    await post(GENERATE, {});
    expect(await statusOf(other.account.keys.test)).toBe(200);
    const tokens = (await api.store.keys.list(account.id)).filter(({ kind }) => kind === 'product_token');
    expect(tokens.map(({ revokedAt }) => revokedAt)).toEqual([null, null]);
  });
});

describe('the token shown', () => {
  it('is the newest of its mode, masked', async () => {
    const { post } = await api.caller();
    const { token } = (await post(GENERATE, undefined)).json();
    const answer = await api.app.inject({ url: SHOW, headers: as(token) });
    expect(answer.statusCode).toBe(200);
    expect(Object.keys(answer.json())).toEqual(['token', 'last_used', 'created_at']);
    expect(answer.json()).toEqual({
      token: `pb_test_…${token.slice(-4)}`,
      last_used: null,
      created_at: expect.stringMatching(/^2026-01-31T\d\d:\d\d:\d\d\.\d{6}\+05:45$/),
    });
  });

  it('tells when it was used', async () => {
    const { account, get } = await api.caller();
    const [key] = (await api.store.keys.list(account.id)).filter(
      (row) => row.kind === 'api_key' && row.mode === 'test',
    );
    await api.store.keys.touch([{ id: key?.id ?? '', at: Date.UTC(2026, 1, 1, 12) }]);
    expect((await get(SHOW)).json().last_used).toBe('2026-02-01T17:45:00.000000+05:45');
  });

  it('is none when none works', async () => {
    const { account, user } = await api.caller();
    for (const key of await api.store.keys.list(account.id)) {
      await api.store.keys.revoke(account.id, key.id, api.clock.now());
    }
    const signIn = await api.sessions.signIn(user.email, user.password ?? '');
    const answer = await api.app.inject({ url: SHOW, cookies: { access_token: signIn?.access ?? '' } });
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { message: 'No API token found. Please generate one first.' },
    ]);
  });
});
