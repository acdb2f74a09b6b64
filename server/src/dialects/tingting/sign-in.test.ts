import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, openApi, PUBLIC_URL } from './rig.ts';

const LOGIN = '/api/v1/auths/login/';
const REFRESH = '/api/v1/auths/login/refresh/';
const PROFILE = '/api/v1/auths/user-profile/';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const post = (url: string, payload?: object, headers: Record<string, string> = {}) =>
  api.app.inject({ method: 'POST', url, headers, ...(payload && { payload }) });

async function signedIn() {
  const { user } = await api.account({ password: 'correct horse' });
  const answer = await post(LOGIN, { email: user.email, password: 'correct horse' });
  return { user, answer, cookies: cookiesOf(answer) };
}

function cookiesOf({ cookies }: Awaited<ReturnType<typeof post>>): Record<'access_token' | 'refresh_token', string> {
  return Object.fromEntries(cookies.map(({ name, value }) => [name, value])) as never;
}

describe('signing in', () => {
  it('sets two cookies that scripts, other sites and plain http do not get', async () => {
    const { answer } = await signedIn();
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe('{"has_logged_in":true,"message":"Login Successful"}');
    const common = { value: expect.any(String), path: '/', httpOnly: true, sameSite: 'Lax', secure: true };
    expect(answer.cookies).toEqual([
      { ...common, name: 'access_token', maxAge: 86_400 },
      { ...common, name: 'refresh_token', maxAge: 30 * 86_400 },
    ]);
  });

  it('opens every other path', async () => {
    const { user, cookies } = await signedIn();
    const answer = await api.app.inject({ url: PROFILE, cookies });
    expect(answer.json()).toEqual({
      id: expect.any(String),
      user: { first_name: '', last_name: '', username: user.email, email: user.email },
      ...{ profile_picture: null, contact_no: null, address: null, is_verified_contact: false },
    });
  });

  it('tells nobody which of the two was wrong', async () => {
    const { user } = await signedIn();
    const wrongPassword = await post(LOGIN, { email: user.email, password: 'wrong' });
    const wrongEmail = await post(LOGIN, { email: 'nobody@example.com', password: 'wrong' });
    expect(wrongPassword.statusCode).toBe(401);
    expect(wrongPassword.json()).toEqual({
      has_logged_in: false,
      detail: 'E-mail or password is wrong.',
      message: 'E-mail or password is wrong.',
    });
    expect([wrongEmail.statusCode, wrongEmail.body]).toEqual([401, wrongPassword.body]);
    expect(wrongEmail.cookies).toEqual([]);
  });

  it('names what is missing, all of it', async () => {
    for (const body of [{}, { email: ['a'], password: 1 }, { email: '', password: 'x'.repeat(2_000) }]) {
      const answer = await post(LOGIN, body);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().errors).toMatchObject([{ field: 'email' }, { field: 'password' }]);
    }
    expect((await post(LOGIN)).statusCode).toBe(400);
  });

  it('slows those down who guess', async () => {
    const { user } = await api.account();
    let answer = await post(LOGIN, { email: user.email, password: 'guess 0' });
    for (let n = 1; answer.statusCode === 401; n++) {
      expect(n).toBeLessThan(100);
      answer = await post(LOGIN, { email: user.email, password: `guess ${n}` });
    }
    expect(answer.statusCode).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    api.clock.advance(3_600_000);
  });

  it('is not done for a foreign page, nor by a form', async () => {
    const { user } = await api.account({ password: 'correct horse' });
    const login = { email: user.email, password: 'correct horse' };
    expect((await post(LOGIN, login, { origin: 'https://evil.example' })).statusCode).toBe(403);
    expect((await post(LOGIN, login, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await post(LOGIN, login, { 'content-type': 'text/plain' })).statusCode).toBe(415);
    expect((await post(LOGIN, login, { origin: PUBLIC_URL })).statusCode).toBe(200);
  });
});

describe('refreshing', () => {
  it('trades the cookie for new ones; the old ones end', async () => {
    const { cookies } = await signedIn();
    const answer = await api.app.inject({ method: 'POST', url: REFRESH, cookies });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe('{"message":"Session Refreshed Successfully"}');
    const fresh = cookiesOf(answer);
    expect((await api.app.inject({ url: PROFILE, cookies })).statusCode).toBe(401);
    expect((await api.app.inject({ url: PROFILE, cookies: fresh })).statusCode).toBe(200);
  });

  it('takes the token from the body too', async () => {
    const { cookies } = await signedIn();
    const answer = await post(REFRESH, { refresh: cookies.refresh_token });
    expect(answer.statusCode).toBe(200);
    expect(answer.cookies).toHaveLength(2);
  });

  it.each([undefined, {}, { refresh: '' }, { refresh: null }, { refresh: 5 }])('refuses %j: no token', async (body) => {
    const answer = await post(REFRESH, body);
    expect([answer.statusCode, answer.body]).toEqual([400, '{"message":"No refresh token provided"}']);
  });

  it('refuses a token that is unknown, used, or no refresh token', async () => {
    const { cookies } = await signedIn();
    await post(REFRESH, { refresh: cookies.refresh_token });
    for (const refresh of ['x', 'x'.repeat(5_000), cookies.access_token, cookies.refresh_token]) {
      const answer = await post(REFRESH, { refresh });
      expect([answer.statusCode, answer.body]).toEqual([401, '{"message":"Failed To Refresh The Session"}']);
      expect(answer.cookies).toEqual([]);
    }
  });

  it('is not done for a foreign page', async () => {
    const { cookies } = await signedIn();
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await api.app.inject({ method: 'POST', url: REFRESH, cookies, headers })).statusCode).toBe(403);
  });
});
