import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ErrorCode, type ErrorDetails, PassbellError } from '../../errors.ts';
import type { CallRequest, SendOtp } from '../../otp/send-otp.ts';
import { type Api, OTP, openApi, PLAIN, SENT } from './rig.ts';

let api: Api;
let caller: Awaited<ReturnType<Api['caller']>>;
beforeAll(async () => {
  api = await openApi();
  caller = await api.caller();
});
afterAll(() => api.close());
beforeEach(() => {
  api.sends.length = 0;
  api.together.length = 0;
  api.sendWith(async () => SENT);
});

/** Sends it, and answers what came through of the call. */
async function callOf(over: object): Promise<CallRequest> {
  const answer = await caller.post({ ...PLAIN, ...over });
  expect(answer.json()).toMatchObject({ success: true });
  return callIn(api.sends.at(-1));
}

function callIn(send: SendOtp | undefined): CallRequest {
  if (send?.channel !== 'voice') throw new Error('no call was sent');
  return send.call;
}

describe('one callee', () => {
  it('is answered with the vendor’s keys in its order', async () => {
    const answer = await caller.post({ ...PLAIN, 'instruction-id': 'order-7' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toBe(
      `{"type":"call-queued","call-id":"${SENT.deliveryId}","instruction-id":"order-7","caller":"+9771234567",` +
        '"callee":"+9779851023212","success":true}',
    );
  });

  it.each([undefined, null, ''])('has no instruction-id in its answer for %j', async (id) => {
    const answer = await caller.post({ ...PLAIN, 'instruction-id': id });
    expect(Object.keys(answer.json())).toEqual(['type', 'call-id', 'caller', 'callee', 'success']);
  });

  it('shows both numbers as E.164, however they were written', async () => {
    const answer = await caller.post({ ...PLAIN, callee: '009779851023212', caller: '004917631122841' });
    expect(answer.json()).toMatchObject({ caller: '+4917631122841', callee: '+9779851023212' });
    expect(api.sends[0]).toMatchObject({ numberAsSent: '009779851023212', number: { e164: '+9779851023212' } });
  });

  it('hands over what was asked for, in the token’s account and mode', async () => {
    await caller.post(PLAIN);
    const [send] = api.sends;
    expect(send).toMatchObject({
      ...{ mode: 'test', dialect: 'cm', channel: 'voice', numberAsSent: '+9779851023212', text: '', ttlMs: 300_000 },
      ...{ maxAttempts: 5, options: '{}', numbered: false, replay: null, verification: null, via: null },
    });
    expect(send?.account.id).toBe(caller.account.id);
    expect(send?.code.reveal()).toBe('012345');
    expect(callIn(send)).toEqual({
      script: {
        ...{ intro: [], code: [{ kind: 'code', from: 'speech' }], replayPrompt: [], outro: [] },
        ...{ maxReplays: 0, autoReplay: false },
      },
      voice: { name: 'en-GB/female/1', locale: 'en-GB', gender: 'female', volume: 0 },
      ...{ from: '+9771234567', anonymous: false, ringMs: 60_000, callbackUrl: null, instructionId: null },
      warnings: [],
    });
    const live = { 'x-cm-producttoken': caller.account.productTokens.live.toUpperCase() };
    await caller.post(PLAIN, live);
    expect(api.sends[1]?.mode).toBe('live');
  });
});

describe('the script', () => {
  it('has each prompt in its place, and a pause before the code', async () => {
    const { script } = await callOf({
      ...{ 'intro-prompt': 'Welcome', 'code-prompt': 'prompts/code.wav', 'code-prompt-type': 'File' },
      ...{ 'replay-prompt': '<speak>Press 1</speak>', 'replay-prompt-type': 'TTS_SSML' },
      ...{ 'outro-prompt': 'Bye', 'outro-prompt-type': 'TTS', 'code-type': 'Custom', 'max-replays': 2 },
    });
    expect(script).toEqual({
      intro: [{ kind: 'text', text: 'Welcome' }],
      code: [
        { kind: 'file', path: '/prompts/code.wav' },
        { kind: 'pause', ms: 500 },
        { kind: 'code', from: 'files' },
      ],
      replayPrompt: [{ kind: 'ssml', ssml: '<speak>Press 1</speak>' }],
      outro: [{ kind: 'text', text: 'Bye' }],
      maxReplays: 2,
      autoReplay: false,
    });
  });

  it.each([
    [{}, 0],
    [{ 'replay-prompt': 'Press 1' }, 3],
    [{ 'replay-prompt': 'Press 1', 'max-replays': null }, 3],
    [{ 'replay-prompt': 'Press 1', 'max-replays': 0 }, 0],
    [{ 'replay-prompt': ' ' }, 0],
    [{ 'max-replays': '2' }, 2],
    [{ 'max-replays': 3, 'auto-replay': true }, 3],
    [{ 'auto-replay': true }, 0],
  ])('%j has %i replays', async (over, replays) => {
    expect((await callOf(over)).script.maxReplays).toBe(replays);
  });

  it.each(['TTS', 'tts', 1, '1', null, ''])('speaks a prompt of the type %j', async (type) => {
    const { script } = await callOf({ 'intro-prompt': 'Hi', 'intro-prompt-type': type });
    expect(script.intro).toEqual([{ kind: 'text', text: 'Hi' }]);
  });

  it('passes over a type without a prompt', async () => {
    const { script } = await callOf({ 'intro-prompt-type': 'File', 'outro-prompt': null, 'outro-prompt-type': 0 });
    expect(script).toMatchObject({ intro: [], outro: [] });
  });

  it.each([
    ['Default', 'speech'],
    ['TTS', 'speech'],
    ['tts', 'speech'],
    [0, 'speech'],
    [1, 'speech'],
    [null, 'speech'],
    ['custom', 'files'],
    [2, 'files'],
  ])('has the code of type %j from %s', async (type, from) => {
    expect((await callOf({ 'code-type': type })).script.code).toEqual([{ kind: 'code', from }]);
  });
});

describe('the call', () => {
  it.each([
    [{ anonymous: true }, { anonymous: true }],
    [{ anonymous: 'true' }, { anonymous: true }],
    [{ anonymous: 'false' }, { anonymous: false }],
    [{ anonymous: null }, { anonymous: false }],
    [{ 'max-ringing-timeout': 10 }, { ringMs: 10_000 }],
    [{ 'max-ringing-timeout': '45' }, { ringMs: 45_000 }],
    [{ 'max-ringing-timeout': null }, { ringMs: 60_000 }],
    [{ 'instruction-id': 4711 }, { instructionId: '4711' }],
    [{ 'callback-url': 'https://example.com/otp?x=1' }, { callbackUrl: 'https://example.com/otp?x=1' }],
    [{ 'callback-url': 'http://receiver.internal' }, { callbackUrl: 'http://receiver.internal/' }],
    [{ 'callback-url': null }, { callbackUrl: null }],
    [{ 'voicemail-response': 'Restart' }, {}],
    [{ 'voicemail-response': 2 }, {}],
  ])('%j', async (over, want) => {
    expect(await callOf(over)).toMatchObject(want);
  });
});

describe('the voice', () => {
  it.each([
    [null, 'en-GB/female/1', 0],
    [{}, 'en-GB/female/1', 0],
    [{ language: 'fr-FR' }, 'fr-FR/female/1', 0],
    [{ language: 'FR_fr', gender: 'male' }, 'fr-FR/male/1', 0],
    [{ language: 'en-US', gender: 0, number: 2, volume: -4 }, 'en-US/male/2', -4],
    [{ language: null, gender: null, number: null, volume: null, premium: null }, 'en-GB/female/1', 0],
    [{ language: '', gender: 'FEMALE', number: '1', volume: '4', premium: false }, 'en-GB/female/1', 4],
  ])('%j is %s', async (voice, name, volume) => {
    const call = await callOf({ voice });
    expect(call.voice).toMatchObject({ name, volume });
    expect(call.warnings).toEqual([]);
  });

  it.each([{ language: 'en-EN' }, { language: 'fr-FR', number: 9 }, { language: 'xx' }, { premium: true }])(
    '%j is the nearest there is, and the record says so',
    async (voice) => {
      const { warnings } = await callOf({ voice });
      expect(warnings).toEqual([expect.stringMatching(/^There (is|are) no .*speaks/)]);
    },
  );
});

describe('what real clients send', () => {
  it('the .NET SDK: integers for enums, nulls for what was not set', async () => {
    const call = await callOf({
      ...{ 'instruction-id': null, callee: '+9779851023212', callees: null, caller: '+1234567890', anonymous: false },
      ...{ 'disable-callees-validation': false, 'intro-prompt': 'Welcome.', 'intro-prompt-type': 1 },
      ...{ 'code-prompt': 'prompts/code.wav', 'code-prompt-type': 0, code: 'abc123', 'code-type': 0 },
      ...{ 'replay-prompt': 'Press 1', 'replay-prompt-type': 1, 'outro-prompt': 'prompts/bye.wav' },
      ...{ 'outro-prompt-type': 0, 'max-replays': 2, 'auto-replay': false, 'max-ringing-timeout': null },
      ...{ voice: { language: 'en-GB', gender: 1, number: 1, volume: 0 }, 'callback-url': null },
      ...{ 'voicemail-response': 0, premium: false },
    });
    expect(call).toMatchObject({ from: '+1234567890', warnings: [], script: { maxReplays: 2 } });
    expect(api.sends[0]?.code.reveal()).toBe('abc123');
  });

  it('a PHP one: settings that were never set, types without prompts', async () => {
    const answer = await caller.post({
      ...{ callee: '+9779851023212', caller: '004917631122841', anonymous: '', 'intro-prompt-type': 'TTS' },
      ...{ 'code-prompt-type': 'TTS', code: '0417', 'max-replays': null, 'auto-replay': '' },
      ...{ voice: { language: 'de-DE', gender: 'female', number: '1', volume: '2' }, expiry: 600, length: 4 },
    });
    expect(answer.json()).toMatchObject({ success: true });
  });

  it('a Ruby one: files for prompts, a voice with a language alone that is none', async () => {
    const { script, warnings, voice } = await callOf({
      ...{ 'intro-prompt': '/prompts/intro.wav', 'intro-prompt-type': 'File', 'max-replays': 3 },
      ...{ 'replay-prompt': '/prompts/replay.wav', 'replay-prompt-type': 'File', anonymous: true },
      voice: { language: 'en-EN' },
    });
    expect(script.intro).toEqual([{ kind: 'file', path: '/prompts/intro.wav' }]);
    expect(voice.locale).toBe('en-GB');
    expect(warnings).toHaveLength(1);
  });

  it('a JavaScript one: "false" for false, and a content type with a charset', async () => {
    const type = { 'content-type': 'application/json; charset=utf-8' };
    const answer = await caller.post(JSON.stringify({ ...PLAIN, anonymous: 'false', unknown: { a: [1] } }), type);
    expect(answer.statusCode).toBe(200);
    expect(callIn(api.sends[0]).anonymous).toBe(false);
  });

  it.each(['/voiceapi/v2/OTP', '/voiceapi/v2/otp', '/v2.0/Otp', '/v2.0/OTP/', '/voiceapi/v2/oTp/'])(
    'comes to %s',
    async (url) => {
      expect((await caller.post(PLAIN, {}, url)).json()).toMatchObject({ type: 'call-queued', success: true });
    },
  );
});

describe('a refusal', () => {
  it('names every fault at once', async () => {
    const answer = await caller.post({
      ...{ callee: '+99', caller: 'ACME', code: 12345, anonymous: 'perhaps', 'max-replays': 4 },
      ...{ 'outro-prompt': '../x', 'outro-prompt-type': 'File', voice: { volume: 5 } },
    });
    expect(answer.statusCode).toBe(400);
    const { message, errors } = answer.json();
    expect(message).toMatch(/^callee: '\+99' is not a valid E\.164 number/);
    expect(errors.map(({ field }: { field: string }) => field)).toEqual([
      ...['callee', 'caller', 'anonymous', 'code', 'outro-prompt', 'max-replays', 'voice.volume'],
    ]);
    expect(api.sends).toEqual([]);
  });

  const refusals: { [C in ErrorCode]?: [ErrorDetails[C], number, RegExp, string?] } = {
    invalid_request: [
      { faults: [{ field: 'code', message: 'has no file for: x' }] },
      400,
      /^code: has no file for: x$/,
    ],
    credits_exhausted: [{ pool: 'voice', missing: 3 }, 402, /phone credits: 3 more are needed/],
    destination_refused: [{ reason: 'premium' }, 403, /premium-rate/],
    forbidden: [{ reason: 'account_disabled' }, 403, /disabled/],
    rate_limited: [{ limit: 'number', retryAfterMs: 41_001 }, 429, /Try again in 42 seconds/, '42'],
    channel_unavailable: [{ channel: 'voice', reason: 'no_carrier' }, 503, /No trunk is ready/],
    unavailable: [{ reason: 'speech' }, 503, /Try again/, '1'],
  };
  it.each(Object.entries(refusals))('by %s', async (code, [detail, status, message, retryAfter]) => {
    api.sendWith(async () => {
      throw new PassbellError(code as ErrorCode, detail as never);
    });
    const answer = await caller.post(PLAIN);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().message).toMatch(message);
    expect(Object.keys(answer.json())).toEqual(status === 400 ? ['message', 'errors'] : ['message']);
    expect(answer.headers['retry-after']).toBe(retryAfter);
  });

  it('of its own making tells nothing, and is logged', async () => {
    const cause = new Error('SELECT secret');
    api.sendWith(async () => {
      throw cause;
    });
    const answer = await caller.post(PLAIN);
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({ message: 'Something went wrong on our side.' });
    const [logged] = api.errors.splice(0);
    const fields = { method: 'POST', route: expect.stringContaining(OTP.slice(0, -3)) };
    expect(logged).toEqual({ event: 'cm_request_failed', fields, cause });
  });
});
