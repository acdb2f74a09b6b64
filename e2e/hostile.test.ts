import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as inputs from './hostile/inputs.ts';
import { call, numberFor } from './service/api.ts';
import { exchange, requestBytes } from './service/exchange.ts';
import { inboxOf } from './service/inbox.ts';
import { type Service, startService } from './service/service.ts';
import { expectUnharmed, openTarget, SYSTEM, type Target, V1 } from './service/target.ts';

/** What may be asked of TingTing's API: every answer is below 500, and nothing is sent or charged that was not promised. */

const PASSWORD = 'canary-password-7Qx';

let service: Service;
const targets: Target[] = [];

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

async function target(...limits: { count: number; period_seconds: number }[]) {
  const opened = await openTarget(service, limits);
  targets.push(opened);
  return opened;
}

/** A sound send but for `over`. */
function send(over: Record<string, unknown> = {}): Record<string, unknown> {
  return { number: numberFor(1), message: 'Code {otp}', sms_send_options: 'text', otp_length: 10, ...over };
}

describe.each([
  ['today', V1],
  ['the old path', SYSTEM],
])('sends by %s', (_, path) => {
  it('to what is no number, or no person, reach nobody', async () => {
    const victim = await target();
    for (const number of inputs.NUMBERS_OF_NOBODY) {
      expect((await victim.send(send({ number }), path)).status, JSON.stringify(number)).toBe(400);
    }
    for (const number of inputs.NUMBERS_OF_NO_PERSON) {
      expect((await victim.send(send({ number }), path)).status, number).toBe(403);
    }
    // Abroad, with a live key: no country but the account's own is sent to until it is allowed.
    for (const number of ['+14155552671', '+919812345678', '0014155552671']) {
      const abroad = await call('POST', service.url + path, { key: victim.account.live, body: send({ number }) });
      expect(abroad.status, number).toBe(403);
    }
    expect(victim.accepted).toBe(0);
    await victim.audit();
  });

  it('count one number in five spellings as one', async () => {
    const victim = await target({ count: 4, period_seconds: 600 });
    const answers = await Promise.all(inputs.SPELLINGS.map((number) => victim.send(send({ number }), path)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 429]);
    await victim.audit();
    const reached = new Set((await inboxOf(service.url, victim.account.test)).map(({ to }) => to));
    expect([...reached]).toEqual(['+9779851023212']);
  });

  it('of templates that would deceive are refused', async () => {
    const victim = await target();
    for (const message of inputs.DECEIVING_TEMPLATES) {
      expect((await victim.send(send({ message }), path)).status, JSON.stringify(message)?.slice(0, 99)).toBe(400);
    }
    const megabyte = await victim.send(send({ message: `{otp}${'न'.repeat(350_000)}` }), path);
    expect(megabyte.status).toBe(413);
    expect(victim.accepted).toBe(0);
    await victim.audit();
  });

  it('of odd templates arrive letter for letter', async () => {
    const victim = await target();
    for (const message of inputs.ODD_TEMPLATES) {
      expect((await victim.send(send({ message }), path)).status, message).toBe(200);
    }
    await victim.audit();
  });

  it('cost one credit a segment, to the letter', async () => {
    const victim = await target();
    for (const [filler, total, segments] of inputs.LENGTHS) {
      const { body } = await victim.send(send({ message: `${filler.repeat(total - 10)}{otp}` }), path);
      if (path === V1) expect(body.data.details?.credits_used, `${total} of ${filler}`).toBe(segments);
    }
    for (const message of inputs.EDGES) expect((await victim.send(send({ message }), path)).status).toBe(200);
    await victim.audit();
    const phone = await inboxOf(service.url, victim.account.test);
    expect(phone.map(({ segments }) => segments)).toEqual([...inputs.LENGTHS.map(([, , segments]) => segments), 2, 2]);
    for (const { parts, segments } of phone) expect(parts).toHaveLength(segments);
  });

  it('with codes that are none are refused, and leading zeros stay', async () => {
    const victim = await target();
    for (const otp of inputs.CODES_THAT_ARE_NONE) {
      expect((await victim.send(send({ otp_options: 'personnel', otp }), path)).status, JSON.stringify(otp)).toBe(400);
    }
    for (const otp_length of inputs.LENGTHS_THAT_ARE_NONE) {
      expect((await victim.send(send({ otp_length }), path)).status, JSON.stringify(otp_length)).toBe(400);
    }
    expect(victim.accepted).toBe(0);
    const zeros = await victim.send(send({ otp_options: 'personnel', otp: '0012345678' }), path);
    expect(zeros.body.data.details?.otp).toBe('0012345678');
    expect((await victim.send(send({ otp_length: '10' }), path)).body.data.details?.otp).toMatch(/^[0-9]{10}$/);
    await victim.audit();
  });

  it('with other fields at odds are refused, and unknown ones change nothing', async () => {
    const victim = await target();
    for (const over of inputs.OTHER_FIELDS_AT_ODDS) {
      expect((await victim.send(send(over), path)).status, JSON.stringify(over)).toBe(400);
    }
    expect(victim.accepted).toBe(0);
    for (const company_name of ['<script>', '{otp}', '$&', '=cmd()', '']) {
      const wishes = { account_id: 'x', credits_used: 0, mode: 'live', sender: 'EVIL', from: 'EVIL', ttl: 1 };
      const { body } = await victim.send(send({ company_name, ...wishes }), path);
      if (path === V1) expect(body.data.details).toMatchObject({ company_name, credits_used: 1 });
    }
    await victim.audit();
    for (const { from } of await inboxOf(service.url, victim.account.test)) expect(from).toBeNull();
  });

  it('in bodies that are no JSON object, or hide one, are refused', async () => {
    const victim = await target();
    const text = JSON.stringify(send());
    for (const body of inputs.brokenBodies(text)) {
      expect((await victim.send(body, path)).status, body.slice(0, 99)).toBe(400);
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'x']) {
      expect((await victim.send(text, path, { 'content-type': type })).status, type).toBe(415);
    }
    expect(victim.accepted).toBe(0);
    // Of doubled keys the last one counts, for every reader of the body.
    const doubled = `{"number":"112","message":"x","__proto__":{"otp":"1"},${text.slice(1)}`;
    expect((await victim.send(doubled, path)).status).toBe(200);
    await victim.audit();
  });
});

describe('lists', () => {
  const LIST = '/api/v1/auths/list/send-otps/';

  it('refuse places that there cannot be', async () => {
    const { account } = await target();
    const status = async (query: string) =>
      (await call('GET', `${service.url}${LIST}?${query}`, { key: account.test })).status;
    for (const query of inputs.PLACES_THAT_ARE_NONE) expect(await status(query), query).toBe(400);
    for (const query of inputs.PLACES_THAT_ARE_FAR) expect(await status(query), query).toBe(200);
  });

  it('build next from the public URL, whatever the request calls the host', async () => {
    const victim = await target();
    for (let i = 0; i < 3; i++) await victim.send(send({ number: numberFor(i) }));
    const forged = ['X-Forwarded-Host: evil.com', 'X-Forwarded-Proto: gopher', 'Forwarded: host=evil.com'];
    const fields = [`Authorization: Bearer ${victim.account.test}`, ...forged];
    for (const origin of ['', 'http://evil.com']) {
      const bytes = requestBytes(`GET ${origin}${LIST}?limit=1`, fields, '', 'evil.com');
      const { text } = await exchange(service.url, bytes);
      expect(text).toContain(`"next":"${service.url}${LIST}?limit=1&offset=1"`);
    }
  });
});

describe('signing in', () => {
  async function signIn(email: unknown, password: unknown, from: string, ...fields: string[]): Promise<number> {
    const body = JSON.stringify({ email, password });
    const bytes = requestBytes('POST /api/v1/auths/login/', ['Content-Type: application/json', ...fields], body);
    const { statuses } = await exchange(service.url, bytes, from);
    expect(statuses).toHaveLength(1);
    return statuses[0] ?? 0;
  }

  it('refuses what is no e-mail and no password', async () => {
    const odd = [null, 1, true, [], {}, { $ne: null }, '', 'x'.repeat(3_000)];
    for (const value of odd) {
      expect(await signIn(value, PASSWORD, '127.0.0.20')).toBe(400);
      expect(await signIn('owner@example.com', value, '127.0.0.20')).toBe(400);
    }
    for (const value of ['a\0b@example.com', "' OR 1=1 --", '\ud800', '%', '*']) {
      expect(await signIn(value, PASSWORD, '127.0.0.20')).toBe(401);
    }
  });

  it('shuts out an address that guesses, whatever it says it is, and no other', async () => {
    const guesses = Array.from({ length: 15 }, (_, i) =>
      signIn(`user${i}@example.com`, PASSWORD, '127.0.0.21', `X-Forwarded-For: 10.0.0.${i}`, `X-Real-IP: 10.0.0.${i}`),
    );
    const statuses = (await Promise.all(guesses)).sort();
    expect(statuses).toEqual([...Array(10).fill(401), ...Array(5).fill(429)]);
    const { user, password } = service.ready.console;
    expect(await signIn(user, password, '127.0.0.21')).toBe(429);
    expect(await signIn(user, password, '127.0.0.22')).toBe(200);
  });
});

it('is unharmed by all of it', () => expectUnharmed(service, targets, PASSWORD));
