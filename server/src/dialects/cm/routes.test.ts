import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, OTP, openApi, PLAIN } from './rig.ts';

const PATHS = [
  ['POST', '/voiceapi/v2/OTP'],
  ['POST', '/v2.0/otp'],
  ['GET', '/voice-cdr/v1/account'],
  ['GET', '/voicesendapi/v1.0/tts/languages'],
  ['GET', '/voicesendapi/v1.0/tts/languages/en-GB'],
] as const;

let api: Api;
let caller: Awaited<ReturnType<Api['caller']>>;
beforeAll(async () => {
  api = await openApi();
  caller = await api.caller();
});
afterAll(() => api.close());

describe.each(PATHS)('%s %s', (method, url) => {
  it('needs a product token', async () => {
    const { test, live } = caller.account.productTokens;
    const one = Object.values(caller.account.keys)[0] ?? '';
    const unknown = '00000000-0000-4000-8000-000000000000';
    for (const token of [undefined, '', 'x', one, unknown, `${test},${live}`, `${test}, ${test}`, 'x'.repeat(9_000)]) {
      const headers = token === undefined ? {} : { 'x-cm-producttoken': token };
      const answer = await api.app.inject({ method, url, headers });
      expect([token, answer.statusCode]).toEqual([token, 401]);
      expect(answer.body).toBe('{"message":"Unauthorized"}');
      expect(answer.headers['www-authenticate']).toBeDefined();
    }
    const bearer = { authorization: `Bearer ${test}` };
    expect((await api.app.inject({ method, url, headers: bearer })).statusCode).toBe(401);
  });

  it('takes no other method', async () => {
    for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      if (other === method) continue;
      const answer = await api.app.inject({ method: other, url, payload: 'x', headers: { 'content-type': 'text/x' } });
      expect([other, answer.statusCode, answer.headers['allow']]).toEqual([other, 405, method]);
      expect(answer.json()).toEqual({ message: `This path takes ${method} only.` });
    }
  });

  it('stands with a slash at its end', async () => {
    expect((await api.app.inject({ method, url: `${url}/` })).statusCode).toBe(401);
  });
});

it.each([
  ...['/voiceapi/v2/Notification', '/voiceapi/v2/OTPs', '/voiceapi/v2/xotp', '/voiceapi/v1/OTP', '/voiceapi/v2/OTP/x'],
  ...['/v2.0/DTMF', '/voice-cdr/v1', '/voice-cdr/v1/a/b', '/voicesendapi/v1.0/tts', '/voiceapi/v2/%2e%2e/OTP/x'],
])('knows no %s', async (url) => {
  for (const method of ['GET', 'POST'] as const) {
    const answer = await api.app.inject({ method, url });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toEqual({ message: 'There is no such path: of the instructions, OTP is served.' });
  }
});

it('takes the header’s name and the token in any case', async () => {
  const token = caller.account.productTokens.live.toUpperCase();
  const headers = { 'X-CM-ProductToken': token };
  const answer = await api.app.inject({ method: 'POST', url: OTP, payload: PLAIN, headers });
  expect(answer.statusCode).toBe(200);
  expect(api.sends.at(-1)).toMatchObject({ mode: 'live' });
});

describe('voices', () => {
  it('are listed by language', async () => {
    const languages = (await caller.get('/voicesendapi/v1.0/tts/languages')).json();
    expect(languages).toMatchObject({ 'en-GB': 'English (United Kingdom)', 'ne-NP': 'Nepali' });
    for (const code of Object.keys(languages)) {
      const voices = (await caller.get(`/voicesendapi/v1.0/tts/languages/${code}`)).json();
      expect(new Set(voices.map(({ gender }: { gender: string }) => gender))).toEqual(new Set(['Female', 'Male']));
    }
  });

  it('have a gender, a number and a name', async () => {
    const voices = await caller.get('/voicesendapi/v1.0/tts/languages/NE-np');
    expect(voices.json()[0]).toEqual({ gender: 'Female', voiceNumber: 1, displayName: 'Rija' });
    expect(Object.keys(voices.json()[0])).toEqual(['gender', 'voiceNumber', 'displayName']);
  });

  it('of a language that nobody speaks are not there', async () => {
    const answer = await caller.get('/voicesendapi/v1.0/tts/languages/xx-XX');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toEqual({ message: 'There is no such language.' });
  });
});
