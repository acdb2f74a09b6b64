import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, openApi, PUBLIC_URL } from './rig.ts';
import { tingtingApi } from './routes.ts';

const PATHS = [
  ['POST', '/api/v1/auths/login/'],
  ['POST', '/api/v1/auths/login/refresh/'],
  ['POST', '/api/v1/auths/generate-api-keys/'],
  ['GET', '/api/v1/auths/get-api-keys/'],
  ['GET', '/api/v1/auths/user-profile/'],
  ['GET', '/api/v1/voice-models/'],
  ['POST', '/api/v1/auths/send/otp/'],
  ['POST', '/api/system/send/otp/'],
  ['GET', '/api/v1/auths/list/send-otps/'],
] as const;

let api: Api;
let caller: Awaited<ReturnType<Api['caller']>>;
beforeAll(async () => {
  api = await openApi();
  caller = await api.caller();
});
afterAll(() => api.close());

describe.each(PATHS)('%s %s', (method, url) => {
  it('stands with and without its slash', async () => {
    const headers = { authorization: `Bearer ${caller.account.keys.test}` };
    for (const each of [url, url.slice(0, -1)]) {
      const answer = await api.app.inject({ method, url: each, headers });
      expect([200, 400]).toContain(answer.statusCode);
      // The key in use was replaced by generate-api-keys: the next path needs the new one.
      if (url.includes('generate')) caller = await api.caller();
      headers.authorization = `Bearer ${caller.account.keys.test}`;
    }
  });

  it('takes no other method', async () => {
    const allow = method === 'GET' ? 'GET, HEAD' : 'POST';
    for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      if (other === method) continue;
      for (const each of [url, `${url.slice(0, -1)}?x=/y/`]) {
        const payload = other === 'GET' ? {} : { payload: 'x', headers: { 'content-type': 'text/plain' } };
        const answer = await api.app.inject({ method: other, url: each, ...payload });
        expect(answer.statusCode).toBe(405);
        expect(answer.headers['allow']).toBe(allow);
        expect(answer.json()).toEqual({
          ...{ status: 405, success: false, message: `This path takes ${allow} only.`, errors: [], data: {} },
        });
      }
    }
  });
});

it('shows the five voice models', async () => {
  expect((await caller.get('/api/v1/voice-models/')).json()).toEqual([
    { id: 1, voice_display_name: 'Rija', voice_internal_name: 'np_rija', is_premium: false },
    { id: 2, voice_display_name: 'Rija premium', voice_internal_name: 'np_rija', is_premium: true },
    { id: 3, voice_display_name: 'Prashanna', voice_internal_name: 'np_prashanna', is_premium: false },
    { id: 4, voice_display_name: 'Binod', voice_internal_name: 'np_binod', is_premium: false },
    { id: 5, voice_display_name: 'Shreegya', voice_internal_name: 'np_shreegya', is_premium: false },
  ]);
});

it('asks for a token on every path but the two that open a session', async () => {
  for (const [method, url] of PATHS) {
    const { statusCode } = await api.app.inject({ method, url });
    expect([url, statusCode]).toEqual([url, url.includes('/login/') ? 400 : 401]);
  }
});

it.each(['/api/v1/auths/', '/api/v1/auths/send/otp/x/', '/api/system/x', '/api/v1/auths/send//otp/'])(
  'knows no %s',
  async (url) => {
    for (const method of ['GET', 'POST'] as const) {
      const answer = await api.app.inject({ method, url });
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ status: 404, success: false, message: 'There is no such path.' });
    }
  },
);

describe('beside the rest of the service', () => {
  it('keeps its manners to itself, and its paths from a catch-all', async () => {
    const app = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
    app.get('/*', async () => 'page');
    app.post('/other', async ({ body }) => body);
    // As it is while the service starts: the public URL may not be known before the port is.
    const publicUrl = () => {
      throw new Error('not listening yet');
    };
    let url: () => string = publicUrl;
    await app.register(
      tingtingApi({
        ...api,
        log: { info() {}, warn() {}, error() {} },
        sendOtp: () => Promise.reject(new Error('not asked')),
        get publicUrl() {
          return url();
        },
      }),
    );
    await app.ready();
    url = () => PUBLIC_URL;

    expect((await app.inject('/x')).body).toBe('page');
    expect((await app.inject('/api/v1/auths/send/otp/')).statusCode).toBe(405);
    expect((await app.inject('/api/v1/x')).statusCode).toBe(404);
    const plain = { method: 'POST', url: '/other', payload: 'x', headers: { 'content-type': 'text/plain' } } as const;
    expect((await app.inject(plain)).body).toBe('x');
    await app.close();
  });
});
