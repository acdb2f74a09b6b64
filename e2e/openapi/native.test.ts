import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, openAccount, type TestAccount } from '../service/api.ts';
import { type CallbackReceiver, startCallbackReceiver } from '../service/callback-receiver.ts';
import { checkLedger } from '../service/ledger.ts';
import { type Service, startService } from '../service/service.ts';
import { type Json, webhookSchema } from './described.ts';
import { fitsSchema } from './judge.ts';
import { FILES, nativeHints, SENDERS, STARTS } from './native-hints.ts';
import { runAfter } from './run.ts';

const REQUESTS = 5_200;

/** What changes the account that asks: so that the other goes on as it is. */
const UNSETTLING = ['changeSettings', 'endKey', 'removeSender', 'rotateSigningSecret'];

let service: Service;
let receiver: CallbackReceiver;
let steady: TestAccount;
let restless: TestAccount;
let document: Json;

beforeAll(async () => {
  receiver = await startCallbackReceiver();
  service = await startService({ env: { PASSBELL_CALLBACK_ALLOW: '127.0.0.1' } });
  const { url, ready } = service;
  const settings = { number_limits: [], address_limits: [], senders: ['Acme'], callback_url: `${receiver.url}/own` };
  const credits = { credits: 100_000, voiceCredits: 100_000 };
  steady = await openAccount(url, ready.admin_token ?? '', { ...credits, settings });
  restless = await openAccount(url, ready.admin_token ?? '', { ...credits, settings });
  document = (await call<Json>('GET', `${url}/v1/openapi.json`)).body;
  const texts = { texts: { en: '{code} is your code' } };
  await call('PUT', `${url}/v1/templates/login`, { key: steady.test, body: texts });
});

afterAll(async () => {
  // Calls that ring would be waited for.
  await service.kill9();
  await receiver.stop();
});

describe('/v1, asked all that its document allows, and much that it does not', () => {
  it(`answers ${REQUESTS} requests as it says`, { timeout: 180_000 }, async () => {
    const { url } = service;
    const admin = service.ready.admin_token ?? '';
    const { tally, neverDone } = await runAfter({
      ...{ url, document, requests: REQUESTS, files: FILES, hints: nativeHints(receiver.url) },
      keys: { test: steady.test, live: steady.live, restlessTest: restless.test, restlessLive: restless.live },
      owner: (who) => (who.startsWith('restless') ? 'restless' : 'steady'),
      callers: ({ id }) =>
        UNSETTLING.includes(id)
          ? ['restlessTest', 'restlessLive']
          : ['test', 'test', 'test', 'test', 'test', 'test', 'test', 'live', 'restlessTest', 'restlessLive'],
      bodies: { createVerification: STARTS, addSender: SENDERS },
      badKeys: [
        ...['', 'Bearer', 'Basic dXNlcjpwdw==', `Bearer ${'x'.repeat(5_000)}`, `Bearer ${steady.test.slice(0, -1)}`],
        ...[`Bearer ${steady.productTokens.test}`, `Bearer ${admin}`, `Bearer ${steady.test} ${steady.live}`],
      ],
      weights: {
        ...{ createVerification: 6, checkCode: 4, checkCodeByNumber: 2, resendVerification: 2, nextStep: 3 },
        ...{
          addSender: 2,
          removeSender: 3,
          answerHandsetCall: 4,
          rejectHandsetCall: 3,
          hangUpHandsetCall: 3,
          pressHandsetKeys: 3,
        },
      },
      passedOver: ['listKeys'],
      // It has to wait for half a minute: longer than this takes.
      hopeless: ['resendVerification'],
      // No carrier is set up: for a live key there is nobody to send with.
      excuses: ({ who }, { status, body }) =>
        status === 503 && who.toLowerCase().endsWith('live') && `${body}`.includes('"code":"channel_unavailable"'),
    });
    const asked = [...tally.values()].reduce((sum, times) => sum + times, 0);
    const done = [...tally].reduce((sum, [told, times]) => sum + (/ 2\d\d$/.test(told) ? times : 0), 0);
    console.info(`${asked} requests, ${done} of them did what they asked for`);
    expect(asked).toBeGreaterThanOrEqual(5_000);
    expect(done / asked).toBeGreaterThan(0.3);
    expect(neverDone).toEqual([]);
  });

  it.each(['/v1/keys/%zz', '/v1/%', '/v1/audio/%ff', '/v1/nothing', `/v1/keys/${'x'.repeat(5_000)}`])(
    'finds nothing at %s',
    async (path) => {
      const { status, body } = await call('DELETE', service.url + path, { key: steady.test });
      expect(body).toMatchObject({ status: 404, code: 'not_found', request_id: expect.any(String) });
      expect(status).toBe(404);
    },
  );

  it('tells of what came to its end as it says', () => {
    const fits = fitsSchema(document);
    expect(receiver.received.length).toBeGreaterThan(50);
    for (const { body } of receiver.received) {
      const [kind = ''] = `${body['type']}`.split('.');
      expect(fits(webhookSchema(document, kind), body)).toBeNull();
    }
  });

  it('afterwards goes on as before, took no fault for its own, and has a ledger that adds up', async () => {
    expect([service.process.exitCode, service.process.signalCode]).toEqual([null, null]);
    expect(service.log()).not.toContain('"level":"error"');
    for (const { test } of [steady, restless]) {
      for (const pool of ['sms', 'voice'] as const) await checkLedger(service.url, test, pool);
    }
  });
});
