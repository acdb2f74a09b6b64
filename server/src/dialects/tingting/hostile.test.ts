import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Api, openApi, SEND } from './rig.ts';

/** What people who mean no good may send: each is refused, or reaches the sender as a safe literal. */

const sound = {
  number: '9861489014',
  message: 'Hi, your otp is {otp}',
  sms_send_options: 'text',
  otp_options: 'personnel',
  otp: '564546',
};

let api: Api;
let caller: Awaited<ReturnType<Api['caller']>>;
beforeAll(async () => {
  api = await openApi();
  caller = await api.caller();
});
afterAll(() => api.close());
beforeEach(() => {
  api.sends.length = 0;
});

async function refuses(payload: object | string, field: string, more: Record<string, string> = {}) {
  const answer = await caller.post(SEND, payload, more);
  expect(answer.statusCode).toBe(400);
  const { errors } = answer.json();
  expect(errors).toEqual([{ field, message: expect.stringMatching(/^.{10,300}\.$/) }]);
  expect(api.sends).toEqual([]);
}

describe('numbers', () => {
  it.each([
    'a123321312321',
    '0944567890abc',
    '+33 6 6X XX XX 83',
    '٠٩٤٤٥٦٧٨٩٠',
    '+9779851023212\r\nX: y',
    '9851023212\n',
    '98510\u202e23212',
    '985102\u200b3212',
    9_851_023_212,
    1e5,
    ['9851023212'],
    { $ne: null },
    true,
    null,
    '9'.repeat(10_000),
    '',
    '+',
    '++9779851023212',
  ])('refuses %j', (number) => refuses({ ...sound, number }, 'number'));

  it.each(['+19005551234', '+881612345678', '+979123456789', '112', '911', '100'])(
    'leaves %s to the guard as what it is',
    async (number) => {
      const answer = await caller.post(SEND, { ...sound, number });
      expect(answer.statusCode).toBeLessThan(500);
      for (const send of api.sends) {
        expect(['premium', 'shared_cost', 'emergency', 'short', 'mobile', 'uan', 'voip']).toContain(send.number.type);
        expect(send.number.country === '001' || send.number.type !== 'mobile').toBe(true);
      }
    },
  );

  it('knows one number in five spellings', async () => {
    for (const number of ['9851023212', '9779851023212', '+9779851023212', '00977 9851023212', '+977-985-102-3212']) {
      await caller.post(SEND, { ...sound, number });
    }
    expect(new Set(api.sends.map((send) => send.number.e164))).toEqual(new Set(['+9779851023212']));
    expect(api.sends).toHaveLength(5);
  });
});

describe('messages', () => {
  it.each([
    'no placeholder',
    '{{otp}}',
    '{ otp }',
    '{OTP}',
    '{otp} '.repeat(500),
    `{otp}\n@evil.com #{otp}`,
    `Your code\n\n@evil.com #{otp}`,
    'NUL \0 {otp}',
    'ESC \x1b[2J {otp}',
    `${'नमस्ते '.repeat(1_000)}{otp}`,
    5,
    ['{otp}'],
    { otp: '{otp}' },
    null,
    '',
  ])('refuses %j', (message) => refuses({ ...sound, message }, 'message'));

  it.each([
    ['$& $` $$ $1 {otp}', '$& $` $$ $1 564546'],
    ['€[]{}~^|\\ {otp}', '€[]{}~^|\\ 564546'],
    ['{otp} 🙂', '564546 🙂'],
    ['{otp}{otp}', '564546564546'],
    ['{otp}<script>alert(1)</script>', '564546<script>alert(1)</script>'],
    ['half \ud800 {otp}', 'half � 564546'],
    ['{{o}} {otp}', '{{o}} 564546'],
  ])('takes %j as it stands', async (message, text) => {
    expect((await caller.post(SEND, { ...sound, message })).statusCode).toBe(200);
    expect(api.sends).toMatchObject([{ text }]);
  });
});

describe('codes', () => {
  it('keeps leading zeros', async () => {
    await caller.post(SEND, { ...sound, otp: '012345' });
    expect(api.sends).toMatchObject([{ text: 'Hi, your otp is 012345' }]);
  });

  it.each([
    123456,
    1e5,
    ['123456'],
    { $ne: null },
    true,
    null,
    '१२३४५६',
    '1'.repeat(4_096),
    '123',
    '12345678901',
    '12 345',
    '1234\n',
    '$&12',
    '{otp}',
    '',
    undefined,
  ])('refuses %j', (otp) => refuses({ ...sound, otp }, 'otp'));

  it.each([0, -1, 3, 11, 6.5, '6abc', '0x6', ' 6', '6.0', '-6', '', '٦', '600', 1e9, null, [6], { length: 6 }, true])(
    'refuses a length of %j',
    (otp_length) => refuses({ ...sound, otp_options: 'generated', otp_length }, 'otp_length'),
  );

  it.each(['', null, 'Personnel', 1, ['personnel'], '__proto__', 'constructor'])(
    'refuses the options %j',
    (otp_options) => refuses({ ...sound, otp_options }, 'otp_options'),
  );
});

describe('voices and channels', () => {
  const call = { ...sound, sms_send_options: 'voice' };
  it.each([
    'np_rija/../../x',
    '</say-as><audio src="http://169.254.169.254/"/>',
    '<break time="999999s"/>',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '__proto__',
    'constructor',
    'toString',
    'NP_RIJA',
    '1',
    0,
    6,
    1.5,
    true,
    null,
    ['np_rija'],
    {},
  ])('refuses the voice %j', (voice_input) => refuses({ ...call, voice_input }, 'voice_input'));

  it.each([null, 'sms', 'TEXT', '', ['text'], { text: 1 }, 0, '__proto__'])('refuses the channel %j', (options) =>
    refuses({ ...sound, sms_send_options: options }, 'sms_send_options'),
  );
});

describe('company names', () => {
  it.each([null, 5, ['x'], 'x'.repeat(101), '🙂'.repeat(101), 'a\r\nb', 'a\0', 'half \ud800', '\x1b[2J'])(
    'refuses %j',
    (company_name) => refuses({ ...sound, company_name }, 'company_name'),
  );

  it.each(['', 'x'.repeat(100), '🙂'.repeat(100), '$&', '{otp}', '=cmd()'])('echoes %j', async (company_name) => {
    const answer = await caller.post(SEND, { ...sound, company_name });
    expect(answer.json().data.details.company_name).toBe(company_name);
    expect(api.sends).toMatchObject([{ text: 'Hi, your otp is 564546' }]);
  });
});

describe('bodies', () => {
  const json = { 'content-type': 'application/json' };
  const text = JSON.stringify(sound);

  it.each([
    '',
    'null',
    '[]',
    '"text"',
    '5',
    '{',
    'undefined',
    "{'number': 1}",
    `${text},`,
    `\ufeff${text}`,
    '['.repeat(10_000) + ']'.repeat(10_000),
    `{"a":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`,
    `${text.slice(0, -1)},"deep":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
  ])('refuses %.40s', (body) => refuses(body, 'body', json));

  it('refuses other encodings of the text', async () => {
    for (const body of [
      Buffer.from(text, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
      Buffer.from([0xff, 0xfe]),
    ]) {
      const answer = await caller.post(SEND, body, json);
      expect(answer.statusCode).toBe(400);
    }
    const labelled = { 'content-type': 'application/json; charset=utf-16' };
    expect((await caller.post(SEND, Buffer.from(text, 'utf16le'), labelled)).statusCode).toBe(400);
    const latin = Buffer.from(JSON.stringify({ ...sound, company_name: 'é' }), 'latin1');
    await refuses(latin as unknown as string, 'body', json);
  });

  it('unpacks nothing', async () => {
    for (const coding of ['gzip', 'br', 'deflate', 'gzip, gzip']) {
      await refuses(text, 'body', { ...json, 'content-encoding': coding });
    }
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'x',
  ])('takes no %s', async (type) => {
    const answer = await caller.post(SEND, text, { 'content-type': type });
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ status: 415, success: false, errors: [], data: {} });
    expect(api.sends).toEqual([]);
  });

  it('takes no megabyte of Nepali', async () => {
    const answer = await caller.post(SEND, { ...sound, message: `{otp} ${'नेपाल'.repeat(70_000)}` });
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ status: 413, success: false, message: 'The body is larger than 64 KB.' });
    expect(api.sends).toEqual([]);
  });

  it('lets the last of doubled keys count', async () => {
    await caller.post(SEND, `{"number":"112",${text.slice(1)}`, json);
    expect(api.sends).toMatchObject([{ numberAsSent: '9861489014' }]);
  });

  it('lets nothing but the contract’s fields have an effect', async () => {
    const extra =
      '"account_id":"other","credits_used":0,"mode":"live","sender":"EVIL","ttl":1,"constructor":{"prototype":{"number":"1"}},' +
      '"__proto__":{"otp":"999999","mode":"live","company_name":"evil"},"hasOwnProperty":1,"toString":"x"';
    const answer = await caller.post(SEND, `{${extra},${text.slice(1)}`, json);
    expect(answer.statusCode).toBe(200);
    expect(answer.json().data.details).toEqual({
      ...{ number: '9861489014', otp_options: 'personnel', message: 'Hi, your otp is 564546', otp: '564546' },
      ...{ sms_send_options: 'text', credits_used: 1, remaining_sms_credits: 62, remaining_phone_credits: 127 },
    });
    expect(api.sends).toMatchObject([{ mode: 'test', sender: null, ttlMs: 300_000 }]);
    expect(api.sends[0]?.account.id).toBe(caller.account.id);
    expect(({} as Record<string, unknown>)['otp']).toBeUndefined();
  });

  it('takes nothing from a prototype that the body brings along', async () => {
    const answer = await caller.post(SEND, `{"__proto__":${text}}`, json);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors.length).toBeGreaterThan(2);
  });

  it('makes no fault of ours of a caller who hangs up in the middle of one', async () => {
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = api.app.server.address() as AddressInfo;
    const accepted = once(api.app.server, 'connection') as Promise<[Socket]>;
    const asked = once(api.app.server, 'request');
    const client = connect(port, '127.0.0.1');
    const head = `POST ${SEND} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${caller.account.keys.test}\r\n`;
    client.write(`${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"number":`);
    const [[socket]] = await Promise.all([accepted, asked]);
    // Not `once`: the server finds fault with the end of the connection before it closes its own side.
    const closed = new Promise((resolve) => socket.on('close', resolve));
    // Until a round trip later: the caller must have been let in, and its body be waited for.
    await caller.get('/api/v1/voice-models/');
    client.destroy();
    await closed;
    await caller.get('/api/v1/voice-models/');
    expect(api.errors).toEqual([]);
    expect(api.sends).toEqual([]);
  });
});
