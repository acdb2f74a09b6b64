import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ErrorCode, type ErrorDetails, PassbellError } from '../../errors.ts';
import { countSegments, MAX_SEGMENTS } from '../../sms/segments.ts';
import { type Api, GENERATE, NUMBER, openApi, SENT } from './rig.ts';

let api: Api;
let caller: Awaited<ReturnType<Api['caller']>>;
beforeAll(async () => {
  api = await openApi();
  caller = await api.caller();
});
afterAll(() => api.close());
beforeEach(() => {
  api.starts.length = 0;
  api.startWith(async () => SENT);
});

describe('a code that is sent', () => {
  test('is answered with the keys in the vendor’s order, without the code', async () => {
    const answer = await caller.generate({ phone_number: NUMBER, text: 'Your verification code: ' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toBe(
      '{"code":0,"message":"success","ticket_number":"otp_0196000000007000800000000000000b",' +
        '"otp_request_token":"otp_0196000000007000800000000000000a"}',
    );
  });

  test('is handed over in the caller’s account and mode', async () => {
    await caller.generate({ phone_number: '9851023212' });
    const [start] = api.starts;
    expect(start).toMatchObject({
      ...{ mode: 'test', dialect: 'octopush', numberAsSent: '9851023212', ttlMs: 600_000, maxAttempts: 5 },
      number: { e164: NUMBER, country: 'NP' },
      messages: { sms: { text: start?.code.reveal(), sender: null }, voice: null },
      ...{ ip: null, bindIp: false, callbackUrl: null, metadata: {}, options: '{}', warnings: [], replay: null },
    });
    expect(start?.account.id).toBe(caller.account.id);
    await caller.generate({ phone_number: NUMBER }, { 'api-key': caller.account.keys.live });
    expect(api.starts[1]?.mode).toBe('live');
  });

  test('is bound to the address of its recipient where that is given', async () => {
    await caller.generate({ phone_number: NUMBER, recipient_ip: '192.0.2.7' });
    expect(api.starts[0]).toMatchObject({ ip: '192.0.2.7', bindIp: true });
  });

  test('is spelt in a call, with what stands around it, and again with the key 1', async () => {
    const text = '. {code} . Votre code est {code}. Valable jusqu’à {hh:mm:ss}.';
    await caller.generate({ phone_number: NUMBER, channel: 'voice_sms', voice_language: 'fr-FR', text });
    const { messages, steps } = api.starts[0] ?? {};
    expect(steps).toEqual([{ channel: 'voice', carrier: null, waitMs: 0 }]);
    expect(messages?.sms).toBeNull();
    expect(messages?.voice?.call).toEqual({
      script: {
        intro: [{ kind: 'pause', ms: 600 }],
        code: [
          { kind: 'code', from: 'speech', capitals: 'announced' },
          { kind: 'text', text: '. Votre code est' },
          { kind: 'code', from: 'speech', capitals: 'announced' },
          { kind: 'text', text: expect.stringMatching(/^\. Valable jusqu’à \d\d:\d\d:\d\d\.$/) },
        ],
        ...{ replayPrompt: [], outro: [], maxReplays: 3, autoReplay: false },
      },
      voice: { name: 'fr-FR/female/1', locale: 'fr-FR', gender: 'female', volume: 0 },
      ...{ from: null, anonymous: false, ringMs: 45_000 },
    });
  });
});

test.each(['application/x-www-form-urlencoded', 'text/plain', 'application/octet-stream', 'a/b/c', ';', ''])(
  'a body is JSON, also one that is called %j',
  async (type) => {
    const answer = await caller.generate(`{"phone_number":"${NUMBER}"}`, { 'content-type': type });
    expect([answer.statusCode, api.starts.length]).toEqual([200, 1]);
  },
);

test('a body is JSON, also one that is called nothing', async () => {
  const payload = Buffer.from(`{"phone_number":"${NUMBER}"}`);
  expect((await caller.generate(payload)).statusCode).toBe(200);
  expect((await caller.generate(undefined)).json()).toMatchObject({ code: 100 });
});

describe('a request_id', () => {
  test('goes along as a key that depends on it and on the mode, and on nothing else', async () => {
    const ids = ['order-7', 'order-8', 'x'.repeat(100), 'x'.repeat(101), `${'x'.repeat(101)}y`, 'a\0b', '🙂', 7];
    for (const request_id of ids) await caller.generate({ phone_number: NUMBER, request_id });
    await caller.generate({ phone_number: NUMBER, request_id: 'order-7' }, { 'api-key': caller.account.keys.live });
    const replays = api.starts.map(({ replay }) => replay);
    expect(new Set(replays.map((replay) => replay?.key)).size).toBe(9);
    for (const replay of replays) {
      expect(replay?.key).toMatch(/^octopush:(test|live):[\w-]{43}$/);
      expect(replay).toMatchObject({ bodyDigest: replays[0]?.bodyDigest, keepMs: 86_400_000 });
    }
    await caller.generate({ phone_number: '+9779851023213', text: 'other', request_id: 'order-7' });
    expect(api.starts.at(-1)?.replay).toEqual(replays[0]);
  });

  test.each(['', '  ', null, false, true, [], 1e21])('of %j is none', async (request_id) => {
    await caller.generate({ phone_number: NUMBER, request_id });
    expect(api.starts).toMatchObject([{ replay: null }]);
  });

  test.each(['12345678901234567890', '9007199254740993', '-9007199254740992', '1e999'])(
    'that is the number %s, which was rounded when it was read, is none, and the record says why',
    async (request_id) => {
      await caller.generate(`{"phone_number":"${NUMBER}","request_id":${request_id}}`);
      const warning = 'request_id is a number too long to be read exactly (write it as a text): it was ignored.';
      expect(api.starts).toMatchObject([{ replay: null, warnings: [warning] }]);
    },
  );

  test('that was used is refused', async () => {
    const duplicate = { code: 120, message: 'This request_id was used within the last 24 hours.' };
    api.startWith(async () => ({ ...SENT, fresh: false }));
    const again = await caller.generate({ phone_number: NUMBER, request_id: 'order-7' });
    expect([again.statusCode, again.json()]).toEqual([400, duplicate]);
    api.startWith(() => Promise.reject(new PassbellError('idempotency_mismatch', {})));
    const other = await caller.generate({ phone_number: NUMBER, request_id: 'order-7' });
    expect([other.statusCode, other.json()]).toEqual([400, duplicate]);
  });
});

describe('a simulation', () => {
  const simulation = { phone_number: NUMBER, simulation_mode: true, request_id: 'order-7' };

  test('is answered as a send is, each time anew, and sends nothing', async () => {
    const answers = [await caller.generate(simulation), await caller.generate(simulation)];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toEqual({
        ...{ code: 0, message: 'success' },
        ticket_number: expect.stringMatching(/^otp_[0-9a-f]{32}$/),
        otp_request_token: expect.stringMatching(/^otp_[0-9a-f]{32}$/),
      });
    }
    expect(new Set(answers.flatMap((answer) => Object.values(answer.json()))).size).toBe(6);
    expect(api.starts).toEqual([]);
  });

  test.each([
    [{ phone_number: 'x' }, 400, 117],
    [{ phone_number: '' }, 400, 110],
    [{ phone_number: '112' }, 400, 117],
    [{ phone_number: '+881612345678' }, 403, 150],
  ])('of what is refused is refused: %j', async (over, status, code) => {
    const answer = await caller.generate({ ...simulation, ...over });
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  test.each(['sms', 'voice_sms'])('by %s is refused where nobody could carry it', async (channel) => {
    api.idle.add('live');
    const idle = await caller.generate({ ...simulation, channel }, { 'api-key': caller.account.keys.live });
    api.idle.clear();
    expect([idle.statusCode, idle.json().code]).toEqual([503, 153]);
    expect((await caller.generate({ ...simulation, channel })).statusCode).toBe(200);
  });

  test('of another country’s number is refused where a live key is', async () => {
    const abroad = { ...simulation, phone_number: '+33612345678' };
    expect((await caller.generate(abroad)).statusCode).toBe(200);
    const live = await caller.generate(abroad, { 'api-key': caller.account.keys.live });
    expect([live.statusCode, live.json().code]).toEqual([403, 151]);
  });
});

describe('a refusal', () => {
  type Told = [status: number, code: number, message: RegExp, retryAfter?: string];
  const cases: { [C in ErrorCode]?: readonly [ErrorDetails[C], ...Told][] } = {
    credits_exhausted: [[{ pool: 'sms', missing: 3 }, 402, 104, /SMS credits: 3 more are needed/]],
    destination_refused: [
      [{ reason: 'premium' }, 403, 114, /premium-rate/],
      [{ reason: 'shared_cost' }, 403, 114, /shared-cost/],
      [{ reason: 'satellite' }, 403, 150, /no country/],
      [{ reason: 'country' }, 403, 151, /not allowed for this account/],
      [{ reason: 'emergency' }, 400, 117, /emergency/],
      [{ reason: 'short' }, 400, 117, /short/],
      [{ reason: 'not_dialable' }, 400, 117, /cannot be sent/],
    ],
    rate_limited: [
      [{ limit: 'number', retryAfterMs: 41_001 }, 429, 128, /Try again in 42 seconds/, '42'],
      [{ limit: 'failures', retryAfterMs: 3_600_000 }, 429, 128, /wrong codes/, '3600'],
    ],
    channel_unavailable: [[{ channel: 'voice', reason: 'no_carrier' }, 503, 153, /No carrier is ready/]],
    unavailable: [
      [{ reason: 'store' }, 503, 500, /Try again/, '1'],
      [{ reason: 'overloaded' }, 503, 153, /Try again/, '1'],
    ],
    internal: [[{}, 500, 500, /our side/]],
  };
  const rows = Object.entries(cases).flatMap(([code, details]) =>
    details.map(([detail, ...told]): [string, unknown, ...Told] => [code, detail, ...told]),
  );
  test.each(rows)('by %s %j', async (code, detail, status, number, message, retryAfter) => {
    api.startWith(() => Promise.reject(new PassbellError(code as ErrorCode, detail as never)));
    const answer = await caller.generate({ phone_number: NUMBER });
    expect([answer.statusCode, answer.json()]).toEqual([
      status,
      { code: number, message: expect.stringMatching(message) },
    ]);
    expect(answer.headers['retry-after']).toBe(retryAfter);
    const limit = 'limit' in (detail as object) ? (detail as ErrorDetails['rate_limited']).limit : null;
    expect(answer.headers['ratelimit']).toBe(limit === null ? undefined : `"${limit}";r=0;t=${retryAfter}`);
    api.errors.length = 0;
  });

  test.each<[string, unknown, Record<string, string>?]>([
    ['a list', [{ phone_number: NUMBER }]],
    ['a text', '"x"'],
    ['null', 'null'],
    ['nothing', ''],
    ['half of an object', '{"phone_number":'],
    ['a form', 'phone_number=%2B9779851023212', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a text of no JSON', NUMBER, { 'content-type': 'text/plain' }],
    ['nested without end', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['a megabyte', `{"text":"${'ने'.repeat(300_000)}"}`],
    ['UTF-16', Buffer.from('{"phone_number":"+9779851023212"}', 'utf16le')],
    ['compressed', Buffer.from([31, 139, 8, 0]), { 'content-encoding': 'gzip' }],
  ])('of a body that is %s', async (_, payload, more) => {
    const answer = await caller.generate(payload as string, { 'content-type': 'application/json', ...more });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expect(answer.json()).toEqual({ code: 100, message: expect.stringMatching(/^.{10,120}$/) });
    expect(api.starts).toEqual([]);
  });

  test('of its own making tells nothing, and is logged', async () => {
    const cause = new Error('SELECT secret');
    api.startWith(() => Promise.reject(cause));
    const answer = await caller.generate({ phone_number: NUMBER });
    const message = 'Impossible to process: something went wrong on our side.';
    expect([answer.statusCode, answer.json()]).toEqual([500, { code: 500, message }]);
    const logged = { event: 'octopush_request_failed', fields: { method: 'POST', route: GENERATE }, cause };
    expect(api.errors.splice(0)).toEqual([logged]);
  });
});

describe('whatever is sent', () => {
  const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.integer(), fc.double(), fc.string({ unit: 'binary' }));
  const names = [
    ...['text', 'channel', 'sender', 'code_length', 'validity_period', 'max_wrong_attempts', 'recipient_ip'],
    ...['allow_digits', 'allow_upper_case', 'allow_lower_case', 'allow_special_chars', 'remove_confusing_characters'],
    ...['voice_language', 'voice_gender', 'auto_optimize_text', 'request_id', '__proto__', 'code'],
  ];
  const piece = fc.constantFrom('{code}', '{hh:mm:ss}', 'a', '€', 'ê', '…', '🙂', 'ने', '\n', '@a #', '{', '$&', ' ');
  const text = fc
    .tuple(fc.array(piece, { maxLength: 12 }), fc.nat(400))
    .map(([pieces, times]) => pieces.join('').repeat(times % 7 === 0 ? times : 1));
  const body = fc
    .tuple(fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 8 }), fc.option(text, { nil: undefined }))
    .map(([fields, worded]) => ({ ...fields, phone_number: NUMBER, ...(worded !== undefined && { text: worded }) }));

  test('to a number is sent, with its code in it, in bounds', async () => {
    await fc.assert(
      fc.asyncProperty(body, async (payload) => {
        api.starts.length = 0;
        const answer = await caller.generate(JSON.stringify(payload), { 'content-type': 'application/json' });
        expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
        const [start] = api.starts;
        const code = start?.code.reveal() ?? '';
        const { sms, voice } = start?.messages ?? {};
        const message = sms?.text ?? voice?.text ?? '';
        expect(code.length).toBeGreaterThanOrEqual(4);
        expect(code.length).toBeLessThanOrEqual(32);
        expect(message).toContain(code);
        expect(message.length).toBeLessThanOrEqual(1224);
        expect(message.isWellFormed()).toBe(true);
        if (sms) expect(countSegments(message)).toBeLessThanOrEqual(MAX_SEGMENTS);
        for (const warning of start?.warnings ?? []) {
          expect(warning).toMatch(/^[ -~]+\.$/);
          expect(warning).not.toContain(code);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('to nobody is refused by what the contract says, and by nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 2 }), fc.option(odd, { nil: undefined }), async (value, number) => {
        api.starts.length = 0;
        const payload = number === undefined ? value : { phone_number: number };
        const answer = await caller.generate(JSON.stringify(payload), { 'content-type': 'application/json' });
        if (api.starts.length === 0) expect([100, 110, 117]).toContain(answer.json().code);
        expect(answer.statusCode).toBe(api.starts.length === 0 ? 400 : 200);
      }),
      { numRuns: 200 },
    );
    expect(api.errors).toEqual([]);
  });
});
