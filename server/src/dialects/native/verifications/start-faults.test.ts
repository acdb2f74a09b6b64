import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NUMBER, PLAIN, servedVerifications } from './rig.ts';

type Served = Awaited<ReturnType<typeof servedVerifications>>;
let served: Served;
let caller: Awaited<ReturnType<Served['caller']>>;
beforeAll(async () => {
  served = await servedVerifications();
  caller = await served.caller({ senders: ['Acme'] });
});
afterAll(() => served.close());

interface Fault {
  readonly field: string;
  readonly message: string;
}

/** The faults of a request that is refused and sends nothing. */
async function faultsOf(body: unknown): Promise<readonly Fault[]> {
  const before = served.starts.length;
  const { status, body: problem, text } = await caller.post('', body);
  expect([status, problem.code]).toEqual([422, 'invalid_request']);
  expect(text).not.toMatch(/stack|\.ts:|SELECT/);
  expect(served.starts.length).toBe(before);
  return problem.errors;
}

/** The one fault of a request that is in order but for `over`. */
async function faultOf(over: Readonly<Record<string, unknown>>): Promise<Fault> {
  const [fault, ...more] = await faultsOf({ to: NUMBER, ...over });
  expect(more).toEqual([]);
  if (fault === undefined) throw new Error('no fault');
  return fault;
}

describe('a request for a code', () => {
  it('is told of every fault at once, of a field by itself and of fields together', async () => {
    const faults = await faultsOf({
      ...{ to: 'x1', code_length: 3, ttl: 59, max_attempts: 11, sender: 'Nobody', ip: '1.2.3', amount: '5' },
      ...{ template: 'login', text: 'hello', account_id: 'x', credits_used: 0, voice: { name: 'np_rija/../../x' } },
      workflow: [{ channel: 'sms', wait: 5 }, { channel: 'voice', wait: 9 }, { channel: 'fax' }],
      callback_url: 'http://169.254.169.254/',
    });
    expect(faults.map(({ field }) => field).sort()).toEqual(
      [
        ...['account_id', 'callback_url', 'code_length', 'credits_used', 'ip', 'max_attempts', 'payee', 'sender'],
        ...['template', 'text', 'to', 'ttl', 'voice.name', 'workflow.2.channel'],
      ].sort(),
    );
  });

  it.each<[string, unknown, RegExp]>([
    ['to', undefined, /is required/],
    ['to', 9851023212, /as a text.*JSON number/],
    ['to', null, /as a text/],
    ['to', '', /required/],
    ['to', '+', /no digits/],
    ['to', 'a123321312321', /letters/],
    ['to', '+33 6 6X XX XX 83', /letters/],
    ['to', '٠٩٤٤٥٦٧٨٩٠', /another script/],
    ['to', '+9779851023212\r\nX: y', /control character/],
    ['to', '+977985\u202e1023212', /invisible/],
    ['to', '9'.repeat(10_000), /longer than/],
    ['code', 123456, /JSON number would lose its leading zeros/],
    ['code', 1e5, /JSON number/],
    ['code', ['123456'], /text of 4 to 10/],
    ['code', { $ne: null }, /text of 4 to 10/],
    ['code', true, /text of 4 to 10/],
    ['code', '१२३४५६', /digits 0 to 9/],
    ['code', '1'.repeat(4096), /4 to 10/],
    ['code', '12345\n', /4 to 10/],
    ['code', '$&$&', /4 to 10/],
    ...[0, -1, 3, 11, 6.5, '6', '6abc', 1e9, null, [6], true].map((length): [string, unknown, RegExp] => [
      'code_length',
      length,
      /whole number from 4 to 10/,
    ]),
    ['alphabet', 'hex', /digits or alphanumeric/],
    ['ttl', 86_401, /from 60 to 86400/],
    ['channel', 'fax', /sms or voice/],
    ['text', 'no code in it', /hold \{code\}/],
    ['text', '{otp}', /placeholders are/],
    ['text', '{code}\n@evil.example #{code}', /autofill\.domain/],
    ['text', `{code}${'न'.repeat(900)}`, /segments/],
    ['text', 'न'.repeat(20_000), /1 to 1600 characters/],
    ['brand', 'Acme\n@evil.example #1', /line breaks/],
    ['locale', 'ja-JP', /texts for: en-US/],
    ['locale', '../../etc/passwd', /BCP 47/],
    ['sender', 'Nobody', /GET \/v1\/senders/],
    ['sender', 'Acme\r\nX: y', /senders/],
    ['ip', '300.1.2.3', /IPv4 or IPv6/],
    ['ip', 'fe80::1%eth0', /IPv4 or IPv6/],
    ['callback_url', 'http://[::ffff:7f00:1]/', /not public/],
    ['callback_url', 'file:///etc/passwd', /http/],
    ['metadata', Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, ''])), /at most 20/],
    ['metadata', { ['k'.repeat(41)]: '' }, /keys of 1 to 40/],
    ['metadata', [], /object of at most 20 texts/],
    ['workflow', [], /1 to 5 steps/],
    ['workflow', Array.from({ length: 6 }, () => ({ channel: 'sms' })), /1 to 5 steps/],
    ['__proto_', {}, /is not known here/],
  ])('is refused for what %s is (%#)', async (field, value, message) => {
    const fault = await faultOf({ [field]: value });
    expect(fault).toEqual({ field, message: expect.stringMatching(message) });
  });

  it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ['metadata.user', { metadata: { user: 4711 } }, /text of at most 500/],
    ['metadata.user', { metadata: { user: 'x'.repeat(501) } }, /text of at most 500/],
    ['workflow.0.wait', { workflow: [{ channel: 'sms', wait: 10 }] }, /sent at once/],
    ['workflow.1.wait', { workflow: [{ channel: 'sms' }, { channel: 'voice' }] }, /at least 10/],
    ['workflow.1.wait', { workflow: [{ channel: 'sms' }, { channel: 'sms', wait: 60 }], ttl: 60 }, /code lives/],
    ['workflow.0.carrier', { workflow: [{ channel: 'sms', carrier: 'nobody' }] }, /carrier.*none called "nobody"/],
    ['workflow.0.carrier', { workflow: [{ channel: 'voice', carrier: 'main' }] }, /trunk.*none called "main"/],
    ['workflow.0.retry', { workflow: [{ channel: 'sms', retry: 1 }] }, /is not known here/],
    ['workflow', { workflow: [{ channel: 'sms' }], channel: 'sms' }, /beside channel/],
    ['code', { code: '0123', code_length: 4 }, /beside code_length/],
    ['voice.name', { voice: { name: 'np_rija', gender: 'male' } }, /beside language or gender/],
    ['voice.name', { voice: { name: 'nobody' } }, /GET \/v1\/voices/],
    ['voice.replays', { voice: { replays: 4 } }, /from 0 to 3/],
    ['autofill.domain', { autofill: { domain: 'http://acme.example/' } }, /name of a host/],
    ['autofill.android_hash', { autofill: { android_hash: 'short' } }, /11 characters/],
    ['brand', { text: '{code} for {brand}' }, /be given/],
    ['payee', { amount: '12 €' }, /who is paid/],
  ])('is refused for %s (%#)', async (field, over, message) => {
    expect(await faultOf(over)).toEqual({ field, message: expect.stringMatching(message) });
  });

  it('is never refused with its code', async () => {
    const { text } = await caller.post('', { to: 'x', code: '48151623' });
    expect(text).not.toContain('48151623');
  });

  it('may name with a test key what only a live key reaches, and with a live key nothing of the sandbox', async () => {
    const step = (carrier: string) => ({ to: NUMBER, workflow: [{ channel: 'sms', carrier }] });
    expect((await caller.post('', step('main'))).status).toBe(201);
    expect((await caller.post('', step('handset'))).status).toBe(201);
    expect((await served.ask(caller.keys.live, 'POST /v1/verifications', step('handset'))).status).toBe(422);
  });

  it('keeps what looks like a field of an object’s own for metadata as text', async () => {
    const metadata = { toString: 'x', hasOwnProperty: 'y', '<script>': '\u0000\ud800' };
    const { status, body } = await caller.post('', { ...PLAIN, metadata });
    expect([status, body.metadata]).toEqual([201, metadata]);
    expect((await caller.get(`/verifications/${body.id}`)).body.metadata).toEqual(metadata);
  });

  it.each(['+19005550100', '+881612345678', '112', '911'])('is refused the destination %s', async (to) => {
    const { status, body } = await caller.post('', { to });
    expect([status, body.code]).toEqual([422, 'destination_refused']);
  });

  it('is refused, for a live key, a country that the account does not send to', async () => {
    const { status, body } = await served.ask(caller.keys.live, 'POST /v1/verifications', { to: '+33612345678' });
    expect([status, body.code]).toEqual([422, 'destination_refused']);
  });
});
