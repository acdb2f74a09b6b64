import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servedNatively } from './rig.ts';

let served: Awaited<ReturnType<typeof servedNatively>>;
beforeAll(async () => {
  served = await servedNatively();
});
afterAll(() => served.close());

const key = async () => (await served.rig.account()).account.keys.test;

const PAYS = '{code} pays {amount} to {payee}';

describe('/v1/templates', () => {
  it('puts, shows, lists and removes the words of one account', async () => {
    const [mine, other] = [await key(), await key()];
    const words = {
      texts: { en: '{code} opens {brand}', 'fr-FR': '{code} ouvre {brand}' },
      spoken: { en: 'Your code is {code}' },
    };
    const put = await served.ask(mine, 'PUT /v1/templates/login', words);
    expect(put).toMatchObject({ status: 200, body: { name: 'login', ...words } });
    expect((await served.ask(mine, 'GET /v1/templates/login')).body).toEqual(put.body);
    expect((await served.ask(mine, 'GET /v1/templates')).body).toEqual({ data: [put.body], next_cursor: null });
    expect((await served.ask(other, 'GET /v1/templates')).body.data).toEqual([]);
    expect((await served.ask(other, 'GET /v1/templates/login')).status).toBe(404);
    expect((await served.ask(other, 'DELETE /v1/templates/login')).status).toBe(404);
    expect((await served.ask(mine, 'DELETE /v1/templates/login')).status).toBe(204);
    expect((await served.ask(mine, 'GET /v1/templates/login')).status).toBe(404);
  });

  it.each([
    ['no words', {}, 'texts'],
    ['an empty list of them', { texts: {} }, 'texts'],
    ['no code', { texts: { en: 'Hello' } }, 'texts.en'],
    ['a strange placeholder', { texts: { en: '{otp}' } }, 'texts.en'],
    ['a language that is none', { texts: { xx: '{code}' } }, 'texts.xx'],
    ['a line that phones read', { texts: { en: '{code}\n@evil.com #{code}' } }, 'texts.en'],
    ['words without end', { texts: { en: `{code} ${'ŋ'.repeat(700)}` } }, 'texts.en'],
    ['a fault in what is spoken', { texts: { en: '{code}' }, spoken: { en: 'Hello' } }, 'spoken.en'],
    ['half a payment', { texts: { en: '{code} {amount}' } }, 'texts.en'],
    ['a payment that a call is silent on', { texts: { en: PAYS }, spoken: { en: '{code}' } }, 'spoken.en'],
    ['a payment that a message is silent on', { texts: { en: '{code}' }, spoken: { en: PAYS } }, 'spoken.en'],
    ['values that leave no room', { texts: { en: `{code}{brand}${'a'.repeat(1450)}` } }, 'texts.en'],
    ['one language twice', { texts: { en: '{code}', EN: '{code}' } }, 'texts.EN'],
    ['a field of its own', { texts: { en: '{code}' }, name: 'x' }, 'name'],
  ])('refuses %s, and says where', async (_, body, field) => {
    const { status, body: problem } = await served.ask(await key(), 'PUT /v1/templates/login', body);
    expect(status).toBe(422);
    expect(problem.errors.map((fault: { field: string }) => fault.field)).toContain(field);
  });

  it.each(['', 5, 'x'.repeat(5_000)])('says what a text must be', async (en) => {
    const { body } = await served.ask(await key(), 'PUT /v1/templates/login', { texts: { en } });
    expect(body.errors).toMatchObject([
      { field: 'texts.en', message: expect.stringMatching(/^must be a text of 1 to/) },
    ]);
  });

  it('takes a language beside one of its regions', async () => {
    const texts = { en: '{code}', 'en-GB': '{code}' };
    expect((await served.ask(await key(), 'PUT /v1/templates/login', { texts })).status).toBe(200);
  });

  it('refuses names that are none', async () => {
    for (const name of ['Login', '1st', 'a'.repeat(65), '..', '__proto__']) {
      const { status } = await served.ask(await key(), `PUT /v1/templates/${name}`, { texts: { en: '{code}' } });
      expect([404, 422]).toContain(status);
    }
  });
});
