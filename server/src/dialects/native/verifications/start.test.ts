import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODE, NUMBER, PLAIN, servedVerifications } from './rig.ts';

let served: Awaited<ReturnType<typeof servedVerifications>>;
beforeAll(async () => {
  served = await servedVerifications();
});
afterAll(() => served.close());

const last = () => {
  const start = served.starts.at(-1);
  if (start === undefined) throw new Error('nothing came through');
  return start;
};

describe('POST /v1/verifications', () => {
  it('sends a code and shows what is known of it, never the code', async () => {
    const { post, get } = await served.caller();
    const answer = await post('', { to: '985-1023212', code: CODE, brand: 'Acme', metadata: { user: '4711' } });
    const at = served.rig.clock.now();
    const time = (ms: number) => new Date(at + ms).toISOString();
    const delivery = {
      ...{ id: expect.stringMatching(/^msg_/), channel: 'sms', segments: 1, seconds: null, answered_at: null },
      ...{ carrier: null, state: 'queued', reason: null, credits: 1, created_at: time(0), submitted_at: null },
      ...{ ended_at: null, tries: [] },
    };
    const whole = {
      ...{ id: expect.stringMatching(/^ver_/), status: 'pending', to: NUMBER, channel: 'sms', mode: 'test' },
      ...{ dialect: 'native', created_at: time(0), expires_at: time(300_000), approved_at: null, ended_at: null },
      ...{ attempts: { failed: 0, remaining: 5, max: 5 }, deliveries: [delivery] },
      ...{ workflow: [{ channel: 'sms', carrier: null, wait: 0 }], next_step_at: null, resend_at: time(30_000) },
      ...{ metadata: { user: '4711' }, warnings: [], converted: null },
    };
    expect([answer.status, answer.body]).toEqual([201, whole]);
    expect(Object.keys(answer.body)).toEqual(Object.keys(whole));
    expect(answer.headers['location']).toBe(`/v1/verifications/${answer.body.id}`);
    expect(answer.text).not.toContain(CODE);
    expect((await get(`/verifications/${answer.body.id}`)).body).toEqual(answer.body);
    const cargo = served.rig.left.at(-1);
    expect(cargo?.channel === 'sms' && cargo.sms.text).toMatch(/012345.*Acme|Acme.*012345/);
  });

  it('lets a code live as long as the account says, where the request does not', async () => {
    const { post } = await served.caller({ ttlSeconds: 120 });
    const body = { to: NUMBER, code: CODE, text: '{code}, {minutes} min' };
    await post('', body);
    expect(last().ttlMs).toBe(120_000);
    const cargo = served.rig.left.at(-1);
    expect(cargo?.channel === 'sms' && cargo.sms.text).toBe('012345, 2 min');
    const late = [{ channel: 'sms' }, { channel: 'voice', wait: 200 }];
    expect((await post('', { ...body, workflow: late })).body.errors).toMatchObject([{ field: 'workflow.1.wait' }]);
    await post('', { ...body, ttl: 300, workflow: late });
    expect(last().ttlMs).toBe(300_000);
  });

  it('hands on everything that it was asked for', async () => {
    const { post } = await served.caller({ senders: ['Acme'], addressLimits: [] });
    const { status } = await post('', {
      ...{ to: NUMBER, text: '{code} for {brand}: {amount} to {payee}, {minutes} min', brand: 'Acme' },
      ...{ amount: '12.50 €', payee: 'Kiosk', code: 'aB3z', ttl: 90, max_attempts: 10, sender: 'Acme' },
      workflow: [
        { channel: 'sms', carrier: 'backup' },
        { channel: 'voice', carrier: 'trunk', wait: 30 },
      ],
      ...{ voice: { name: 'np_rija', replays: 1 }, autofill: { domain: 'acme.example' }, ip: '2001:db8::1' },
      callback_url: 'https://receiver.internal/here',
    });
    expect(status).toBe(201);
    const { messages, code, ...rest } = last();
    expect(rest).toMatchObject({
      ...{ mode: 'test', dialect: 'native', numberAsSent: NUMBER, ttlMs: 90_000, maxAttempts: 10, bindIp: false },
      steps: [
        { channel: 'sms', carrier: 'backup', waitMs: 0 },
        { channel: 'voice', carrier: 'trunk', waitMs: 30_000 },
      ],
      ...{ ip: '2001:db8::1', callbackUrl: 'https://receiver.internal/here', metadata: {}, warnings: [], replay: null },
    });
    expect(code.reveal()).toBe('aB3z');
    expect(messages.sms).toEqual({
      text: 'aB3z for Acme: 12.50 € to Kiosk, 1 min\n\n@acme.example #aB3z',
      sender: 'Acme',
    });
    expect(messages.voice?.call.voice.name).toBe('np_rija');
    expect(messages.voice?.call.script.maxReplays).toBe(1);
  });

  it.each([
    [{}, /^\d{6}$/],
    [{ code_length: 4 }, /^\d{4}$/],
    [{ code_length: 10, alphabet: 'digits' }, /^\d{10}$/],
    [{ alphabet: 'alphanumeric' }, /^[2-9A-HJKMNP-Z]{6}$/],
    [{ code: '0000' }, /^0000$/],
  ])('makes a code of %j', async (asked, form) => {
    const { post } = await served.caller();
    expect((await post('', { to: NUMBER, ...asked })).status).toBe(201);
    expect(last().code.reveal()).toMatch(form);
  });

  it('reads a number as the account’s country dials it, and writes in the language of the number’s', async () => {
    const { post } = await served.caller({ countries: ['*'] });
    for (const to of ['9851023212', '+977 985-1023212', '00977 9851023212']) {
      expect((await post('', { to })).body.to).toBe(NUMBER);
    }
    await post('', { to: '+33612345678', brand: 'Acme' });
    expect(last().messages.sms?.text).toMatch(/code/);
    expect(last().messages.voice?.call.voice.locale).toBe('fr-FR');
    await post('', { to: '+33612345678', locale: 'de' });
    expect(last().messages.voice?.call.voice.locale).toBe('de-DE');
  });

  it('says a template of the account’s', async () => {
    const { account, post } = await served.caller();
    const row = { accountId: account.id, name: 'login', updatedAt: 0, spoken: {} };
    await served.rig.store.templates.put({ ...row, texts: { en: 'Log in with {code}', de: 'Anmelden: {code}' } }, 10);
    await post('', { ...PLAIN, template: 'login', locale: 'de-DE' });
    expect(last().messages.sms?.text).toBe(`Anmelden: ${CODE}`);
    for (const template of ['logout', 'Log in', 'login\0']) {
      expect((await post('', { ...PLAIN, template })).body.errors).toEqual([
        { field: 'template', message: 'must be the name of a template: GET /v1/templates lists them' },
      ]);
    }
  });

  it('tells in a warning who speaks in another’s place', async () => {
    const { post } = await served.caller();
    const { body } = await post('', { ...PLAIN, channel: 'voice', voice: { language: 'ja-JP' } });
    expect(body.warnings).toEqual([expect.stringMatching(/ja-JP.*speaks instead/)]);
    expect(body.deliveries[0]).toMatchObject({ id: expect.stringMatching(/^call_/), segments: null, seconds: 40 });
  });

  it('tells what the tightest limit leaves, and what it allows, and refuses beyond it at no cost', async () => {
    const { account, post } = await served.caller({
      numberLimits: [
        { count: 2, periodMs: 600_000 },
        { count: 5, periodMs: 3_600_000 },
      ],
    });
    const first = await post('', PLAIN);
    expect(first.headers).toMatchObject({ ratelimit: '"number";r=1;t=300', 'ratelimit-policy': '"number";q=2;w=600' });
    expect((await post('', PLAIN)).headers['ratelimit']).toBe('"number";r=0;t=600');
    const before = await served.rig.store.credits.balances(account.id);
    const refused = await post('', PLAIN);
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect(refused.headers).toMatchObject({
      'retry-after': '300',
      ratelimit: '"number";r=0;t=300',
      'ratelimit-policy': '"number";q=2;w=600',
    });
    expect(await served.rig.store.credits.balances(account.id)).toEqual(before);
  });

  it('sends once under one Idempotency-Key, and repeats the answer', async () => {
    const { account, post, keys } = await served.caller();
    const left = served.rig.left.length;
    const key = { 'idempotency-key': 'signup-4711' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('', PLAIN, key)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
    served.rig.clock.advance(23 * 3_600_000);
    const late = await post('', PLAIN, key);
    expect([late.text, late.headers['idempotent-replayed']]).toEqual([answers[0]?.text, 'true']);
    expect(served.rig.left.length).toBe(left + 1);
    expect((await served.rig.store.credits.balances(account.id)).sms).toMatchObject({ held: 1 });

    const other = await post('', { ...PLAIN, ttl: 600 }, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
    const check = await post('/check', PLAIN, key);
    expect([check.status, check.body.code]).toEqual([422, 'idempotency_mismatch']);
    // Another mode has its keys apart.
    const live = await served.ask(keys.live, 'POST /v1/verifications', PLAIN, key);
    expect([live.status, live.headers['idempotent-replayed']]).toEqual([201, undefined]);
  });

  it('remembers no refusal under an Idempotency-Key', async () => {
    const { post } = await served.caller();
    const key = { 'idempotency-key': 'again' };
    expect((await post('', { ...PLAIN, ttl: 1 }, key)).status).toBe(422);
    expect((await post('', PLAIN, key)).status).toBe(201);
    expect((await post('', PLAIN, { 'idempotency-key': 'x'.repeat(256) })).body.errors).toMatchObject([
      { field: 'Idempotency-Key' },
    ]);
  });
});
