import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOSTILE_URLS } from '../../callbacks/hostile-urls.ts';
import { type Api, openApi, PLAIN } from './rig.ts';

/** What people who mean no good may send: each is refused, or reaches the sender as a safe literal. */

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
});

async function refuses(payload: object | string, field: string, more: Record<string, string> = {}) {
  const answer = await caller.post(payload, more);
  expect([answer.statusCode, answer.body]).toEqual([400, expect.any(String)]);
  const { message, errors } = answer.json();
  expect(errors).toEqual([{ field, message: expect.stringMatching(/^.{10,300}$/) }]);
  expect(message).toBe(`${field}: ${errors[0].message}`);
  expect([api.sends, api.together]).toEqual([[], []]);
}

describe('odd values', () => {
  it.each<[string, unknown]>([
    ...[
      'a123321312321',
      '0944567890abc',
      '+33 6 6X XX XX 83',
      '٠٩٤٤٥٦٧٨٩٠',
      '+9779851023212\r\nX: y',
      '98510\u202e23212',
    ].map((value): [string, unknown] => ['callee', value]),
    ...[
      9_851_023_212,
      1e5,
      ['+9779851023212'],
      { $ne: null },
      true,
      '9'.repeat(10_000),
      '+',
      '++9779851023212',
      '+99',
    ].map((value): [string, unknown] => ['callee', value]),
    ...['ACME', 'sip:x@y', '+1\r\nVia: z', '"x" <sip:x@y>', 977, true, [], {}, '+0', '١٢٣٤٥٦٧٨', '112', null, ''].map(
      (value): [string, unknown] => ['caller', value],
    ),
    ...[
      12345,
      1e5,
      ['123456'],
      { $ne: null },
      true,
      null,
      '',
      '   ',
      '1'.repeat(65),
      '1'.repeat(4_096),
      '12\n34',
      '1\0',
    ].map((value): [string, unknown] => ['code', value]),
    ...['1\u200b2', '\u202e123', '\ud800', '\x1b[2J', '\ufeff1'].map((value): [string, unknown] => ['code', value]),
    ...['x'.repeat(65), '🙂'.repeat(65), 'a\r\nb', 'a\0', 1.5, 1e20, true, ['x'], {}].map(
      (value): [string, unknown] => ['instruction-id', value],
    ),
    ...['perhaps', 2, [], {}, 'yes', 'nulll'].map((value): [string, unknown] => ['anonymous', value]),
    ...['perhaps', 2, []].map((value): [string, unknown] => ['disable-callees-validation', value]),
    ...[9, 61, 0, -1, 10.5, '9', '6e1', '٣٠', true, [30], 1e9].map((value): [string, unknown] => [
      'max-ringing-timeout',
      value,
    ]),
    ...[-1, 4, 10, 2.5, 'three', true, [2], {}].map((value): [string, unknown] => ['max-replays', value]),
    ...['sometimes', 7, {}].map((value): [string, unknown] => ['auto-replay', value]),
    ...[
      'x'.repeat(751),
      'नेपाल'.repeat(300),
      'NUL \0',
      'ESC \x1b[2J',
      'half \ud800',
      5,
      ['hi'],
      { text: 'hi' },
      true,
    ].map((value): [string, unknown] => ['intro-prompt', value]),
    ...['MP3', 3, -1, true, ['TTS'], '__proto__', 'constructor', '<break time="999999s"/>'].map(
      (value): [string, unknown] => ['intro-prompt-type', value],
    ),
    ...['Spoken', 3, 'np_rija/../../x', {}].map((value): [string, unknown] => ['code-type', value]),
    ...['Wait', 3, {}].map((value): [string, unknown] => ['voicemail-response', value]),
    ...['en-GB', 5, ['en-GB'], true].map((value): [string, unknown] => ['voice', value]),
  ])('%s: %j is refused', (field, value) => refuses({ ...PLAIN, [field]: value }, field));

  it.each<[string, unknown]>([
    ['language', 'np_rija/../../x'],
    ['language', '</say-as><audio src="http://169.254.169.254/"/>'],
    ['language', 'e'],
    ['language', 5],
    ['language', ['en-GB']],
    ['gender', 'Other'],
    ['gender', 2],
    ['gender', {}],
    ['number', 0],
    ['number', 'one'],
    ['number', 1.5],
    ['volume', 5],
    ['volume', '-5'],
    ['volume', 'loud'],
    ['premium', 'maybe'],
  ])('voice.%s: %j is refused', (part, value) => refuses({ ...PLAIN, voice: { [part]: value } }, `voice.${part}`));

  it.each(['intro-prompt', 'code-prompt', 'replay-prompt', 'outro-prompt'])(
    '%s names no file elsewhere',
    async (prompt) => {
      for (const path of [
        '../../etc/passwd',
        '..%2f..%2fx.wav',
        'a.wav\0.txt',
        'a\\..\\b.wav',
        '//x.wav',
        'page.html',
      ]) {
        await refuses({ ...PLAIN, [prompt]: path, [`${prompt}-type`]: 'File' }, prompt);
      }
    },
  );

  it.each(HOSTILE_URLS)('a callback to %j is refused', (url) =>
    refuses({ ...PLAIN, 'callback-url': url.replace('<port>', '8080') }, 'callback-url'),
  );

  it.each([5, true, ['https://example.com/'], {}, 'example.com', 'x'])('a callback to %j is refused', (url) =>
    refuses({ ...PLAIN, 'callback-url': url }, 'callback-url'),
  );
});

describe('odd lists of callees', () => {
  const { callee, ...many } = PLAIN;
  it.each<[object, string]>([
    [{}, 'callee'],
    [{ callee: null, callees: null }, 'callee'],
    [{ callee: '', callees: [] }, 'callee'],
    [{ callees: [] }, 'callee'],
    [{ callees: callee }, 'callees'],
    [{ callees: { 0: callee } }, 'callees'],
    [{ callees: 5 }, 'callees'],
    [{ callee, callees: [callee] }, 'callees'],
    [{ callees: [null] }, 'callees[0]'],
    [{ callees: [callee, 9_861_489_014] }, 'callees[1]'],
    [{ callees: [callee, [callee]] }, 'callees[1]'],
    [{ callees: [callee, callee] }, 'callees[1]'],
    [{ callees: Array.from({ length: 101 }, (_, i) => `+97798510${10_000 + i}`) }, 'callees'],
    [{ callees: [null, callee], 'disable-callees-validation': true }, 'callees[0]'],
    [{ callee: 9_851_023_212, 'disable-callees-validation': true }, 'callee'],
  ])('%j', (over, field) => refuses({ ...many, ...over }, field));

  it('of a hundred are taken', async () => {
    const callees = Array.from({ length: 100 }, (_, i) => `+97798510${10_000 + i}`);
    expect((await caller.post({ ...many, callees })).json()).toHaveLength(100);
    expect(api.together[0]).toHaveLength(100);
  });
});

describe('what is taken as it stands', () => {
  it.each([
    '0',
    '000000',
    '1'.repeat(64),
    '🙂'.repeat(64),
    'Dit is een test',
    '१२३४',
    '$&',
    '<speak>',
    'ÀB-c',
    "'; --",
  ])('the code %j', async (code) => {
    expect((await caller.post({ ...PLAIN, code })).statusCode).toBe(200);
    expect(api.sends[0]?.code.reveal()).toBe(code);
  });

  it.each(['x'.repeat(750), '🙂'.repeat(750), '<break time="999999s"/>', '$& $` {otp}', 'a\r\nb\tc'])(
    'the prompt %.30j',
    async (prompt) => {
      expect((await caller.post({ ...PLAIN, 'intro-prompt': prompt })).statusCode).toBe(200);
      expect(api.sends).toMatchObject([{ call: { script: { intro: [{ kind: 'text', text: prompt }] } } }]);
    },
  );

  it.each(['x'.repeat(64), '🙂'.repeat(64), '"},"success":false', '=cmd()', '__proto__'])(
    'the instruction-id %.30j',
    async (id) => {
      expect((await caller.post({ ...PLAIN, 'instruction-id': id })).json()).toMatchObject({
        ...{ 'instruction-id': id, success: true },
      });
    },
  );

  it('emergency and premium numbers go to the guard as what they are', async () => {
    for (const number of ['112', '+19005551234', '+881612345678', '+979123456789']) {
      expect((await caller.post({ ...PLAIN, callee: number })).statusCode).toBeLessThan(500);
    }
    for (const send of api.sends) expect(['emergency', 'premium', 'mobile', 'shared_cost']).toContain(send.number.type);
    expect(api.sends[0]?.number.type).toBe('emergency');
  });

  it('nothing but the contract’s fields has an effect', async () => {
    const extra =
      '"account_id":"other","mode":"live","credits":0,"ttl":1,"constructor":{"prototype":{"code":"1"}},' +
      '"__proto__":{"code":"999999","callbackUrl":"http://x"},"toString":"x","callbackUrl":"http://127.0.0.1/"';
    const json = { 'content-type': 'application/json' };
    const answer = await caller.post(`{${extra},${JSON.stringify(PLAIN).slice(1)}`, json);
    expect(answer.statusCode).toBe(200);
    expect(api.sends).toMatchObject([{ mode: 'test', call: { callbackUrl: null } }]);
    expect(api.sends[0]?.code.reveal()).toBe(PLAIN.code);
  });

  it('no answer holds the code', async () => {
    const code = 'CANARY-4711';
    const answers = [
      await caller.post({ ...PLAIN, code }),
      await caller.post({ ...PLAIN, code, caller: 'x' }),
      await caller.post({ ...PLAIN, code: `${code}\n` }),
      await caller.post({ ...PLAIN, code: code.repeat(6) }),
      await caller.post(`{"code":"${code}"`, { 'content-type': 'application/json' }),
    ];
    for (const { body } of answers) expect(body).not.toContain('CANARY');
    expect(JSON.stringify(api.sends)).not.toContain('CANARY');
  });
});

describe('bodies', () => {
  const json = { 'content-type': 'application/json' };
  const text = JSON.stringify(PLAIN);

  it.each([
    ...['', 'null', '[]', '"text"', '5', '{', 'undefined', "{'callee': 1}", `${text},`, `[${text}]`],
    '['.repeat(10_000) + ']'.repeat(10_000),
    `${text.slice(0, -1)},"deep":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
  ])('refuses %.40s', (body) => refuses(body, 'body', json));

  it('unpacks nothing', async () => {
    for (const coding of ['gzip', 'br']) await refuses(text, 'body', { ...json, 'content-encoding': coding });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])('takes no %s', async (type) => {
    const answer = await caller.post(text, { 'content-type': type });
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toEqual({ message: 'Send JSON, with "Content-Type: application/json".' });
  });

  it('takes no megabyte', async () => {
    const answer = await caller.post({ ...PLAIN, 'intro-prompt': 'नेपाल'.repeat(70_000) });
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toEqual({ message: 'The body is larger than 64 KB.' });
    expect(api.sends).toEqual([]);
  });
});
