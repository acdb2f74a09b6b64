import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findVoice } from '../../server/src/voice/voices.ts';
import { readWav } from '../peers/wav.ts';
import { balance, call } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import { handsetAt } from '../service/handset.ts';
import { checkLedger } from '../service/ledger.ts';
import { expectNoSecrets } from '../service/secrets.ts';
import { type Service, startService, temporaryFolder } from '../service/service.ts';
import { listen } from '../voice/hearing.ts';
import { generate, type Login, messagesAt, received, validate } from './ask.ts';

/** Octopush's clients against a service that was just started, and what the sandbox phone shows of it. */

const data = temporaryFolder();
let service: Service;
let who: Login;
const codes: string[] = [];

beforeAll(async () => {
  service = await startService({ data });
  const { account, admin_token: key = '' } = service.ready;
  who = { url: service.url, login: account?.login ?? '', key: account?.keys.test ?? '' };
  const settings = { sender: 'Acme', senders: ['Acme', 'MyShop'], number_limits: [] };
  const patched = await call('PATCH', `${service.url}/admin/v1/accounts/${account?.id}`, { key, body: { settings } });
  expect(patched.status, JSON.stringify(patched.body)).toBe(200);
});
afterAll(async () => {
  await checkLedger(service.url, who.key);
  expect(await service.stop(), service.log()).toBe(0);
  expect(service.log()).not.toContain('"level":"error"');
  expectNoSecrets({ log: service.log() }, [...codes, who.key]);
});

let numbers = 0;
/** A number that nothing was sent to yet. */
function nextNumber(): string {
  numbers += 1;
  return `+97798510${String(numbers).padStart(4, '0')}9`;
}

/** Sends a code, and reads it on the phone. */
async function sent(body: object = {}, to = nextNumber(), count = 1) {
  const answer = await generate(who, { phone_number: to, ...body });
  expect(answer.body).toMatchObject({ code: 0, message: 'success' });
  const token = answer.body.otp_request_token;
  const { code, message } = await received(who, to, count);
  codes.push(code);
  return { to, token, code, message };
}

/** A code of six digits that is none of these. */
const other = (...right: readonly string[]) =>
  ['000000', '111111', '222222'].find((code) => !right.includes(code)) ?? expect.fail();

const SUCCESS = { code: 0, message: 'success' };
const NOT_FOUND = { code: 198, message: 'OTP Request not found.' };
const wrong = (left: number) => ({ code: 199, message: 'Wrong OTP code.', remaining_number_of_attempts: left });

describe('a message', () => {
  test.each([
    [{ text: 'Your verification code: ' }, /^Your verification code: \d{6}$/],
    [{ text: 'Your code' }, /^Your code \d{6}$/],
    [{ text: '“{code}” – voilà, à bientôt…' }, /^"\d{6}" - voilà, à bientot\.\.\.$/],
    [{ text: '{code} until {hh:mm:ss}' }, /^\d{6} until \d\d:\d\d:\d\d$/],
    [{ text: 'x'.repeat(5_000) }, /^x{1217} \d{6}$/],
    [{}, /^\d{6}$/],
  ])('%# has its code in it', async (body, text) => {
    const { message } = await sent(body);
    expect(message).toMatchObject({ text: expect.stringMatching(text), encoding: 'gsm7', from: 'Acme' });
  });

  test('comes from the sender that it may come from', async () => {
    expect((await sent({ sender: 'My-Shop!' })).message.from).toBe('MyShop');
    expect((await sent({ sender: 'Bank' })).message.from).toBe('Acme');
  });
});

test('what was cast, cut and ignored stands in the record, and is of this dialect', async () => {
  const { token } = await sent({ code_length: '6', validity_period: 2e9, channel: 'whatsapp', max_attempts: 3 });
  const id = token.replace(/^otp_(.{8})(.{4})(.{4})(.{4})(.{12})$/, 'ver_$1-$2-$3-$4-$5');
  const { body } = await call('GET', `${who.url}/v1/verifications/${id}`, { key: who.key });
  expect(body).toMatchObject({ dialect: 'octopush', status: 'pending' });
  expect(body['warnings']).toEqual([
    'channel is none of sms, voice_sms: it was ignored.',
    'code_length was a text: it was read as a number.',
    'validity_period was above 10000000: 10000000 was taken.',
    'Unknown fields were ignored: max_attempts.',
  ]);
});

describe('a code is checked', () => {
  test('by its token, once', async () => {
    const { token, code } = await sent();
    const right = { otp_request_token: token, code };
    expect(await validate(who, right)).toMatchObject({ status: 200, body: SUCCESS });
    expect(await validate(who, right)).toMatchObject({ status: 400, body: NOT_FOUND });
  });

  test('by its token and its number, in any spelling', async () => {
    const { to, token, code } = await sent();
    const spelled = `00977 ${to.slice(4, 7)}-${to.slice(7)}`;
    const right = { otp_request_token: token, phone_number: spelled, code };
    expect(await validate(who, right)).toMatchObject({ status: 200, body: SUCCESS });
  });

  test('by its number: the last one that was sent there', async () => {
    const first = await sent();
    const second = await sent({}, first.to, 2);
    expect((await validate(who, { phone_number: first.to, code: other(second.code) })).body).toEqual(wrong(4));
    expect((await validate(who, { phone_number: first.to, code: second.code })).body).toEqual(SUCCESS);
    // Used up, the last one stays the last one.
    expect((await validate(who, { phone_number: first.to, code: first.code })).body).toEqual(NOT_FOUND);
    expect((await validate(who, { otp_request_token: first.token, code: first.code })).body).toEqual(SUCCESS);
  });

  test('fifty times at once, and is right once', async () => {
    const { token, code } = await sent();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => validate(who, { otp_request_token: token, code })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 198)).toHaveLength(49);
  });
});

describe('a wrong code', () => {
  test('is counted until there are no attempts left, then the right one is refused too', async () => {
    const { token, code } = await sent({ max_wrong_attempts: '2' });
    const asked = { otp_request_token: token, code: other(code) };
    expect((await validate(who, asked)).body).toEqual(wrong(1));
    expect((await validate(who, asked)).body).toEqual(wrong(0));
    const body = { code: 196, message: 'Maximum amount of wrong attempts has been reached.' };
    expect(await validate(who, { ...asked, code })).toMatchObject({ status: 400, body });
  });

  test('from another address than its recipient’s is one, however right', async () => {
    const { token, code } = await sent({ recipient_ip: '2001:db8::7' });
    const asked = { otp_request_token: token, code };
    expect((await validate(who, { ...asked, recipient_ip: '2001:db8::8' })).body).toEqual(wrong(4));
    expect((await validate(who, { ...asked, recipient_ip: '[2001:db8::8]:443, 10.0.0.1' })).body).toEqual(wrong(3));
    expect((await validate(who, { ...asked, recipient_ip: 'unknown' })).body).toEqual(wrong(2));
    expect((await validate(who, { ...asked, recipient_ip: '[2001:DB8:0::7]:443' })).body).toEqual(SUCCESS);
  });

  test('is none for a number that the token is not for, nor for a token that is not there', async () => {
    const { token, code } = await sent();
    const elsewhere = await sent();
    for (const asked of [
      { otp_request_token: token, phone_number: elsewhere.to, code },
      { otp_request_token: `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`, code },
      { otp_request_token: 'otp_111111dab2222222aaa33333', code },
      { phone_number: nextNumber(), code },
    ]) {
      expect((await validate(who, asked)).body).toEqual(NOT_FOUND);
    }
    expect((await validate(who, { otp_request_token: token, code: other(code) })).body).toEqual(wrong(4));
  });

  test('is what a live key makes of a code of the sandbox: it does not find it', async () => {
    const { token, code } = await sent();
    const live = { ...who, key: service.ready.account?.keys.live ?? '' };
    expect((await validate(live, { otp_request_token: token, code })).body).toEqual(NOT_FOUND);
    expect((await validate(who, { otp_request_token: token, code })).body).toEqual(SUCCESS);
  });
});

test('a body is read as JSON, whatever its client calls it', async () => {
  const headers = { 'api-login': who.login, 'api-key': who.key, 'content-type': 'application/x-www-form-urlencoded' };
  const { token, code } = await sent();
  const body = { otp_request_token: token, code };
  const answer = await call('PUT', `${who.url}/v1/public/service/otp/validate`, { headers, body });
  expect(answer).toMatchObject({ status: 200, body: SUCCESS });
});

test('a code that has run out is told from a wrong one', async () => {
  const { token, code } = await sent({ validity_period: 3 });
  const asked = { otp_request_token: token, code: other(code) };
  expect((await validate(who, asked)).body).toEqual(wrong(4));
  await after(3_000);
  for (const given of [asked.code, code]) {
    const body = { code: 197, message: 'OTP Request expired.' };
    expect(await validate(who, { ...asked, code: given })).toMatchObject({ status: 400, body });
  }
});

test('a request_id sends and charges once, however often it comes at once', async () => {
  const to = nextNumber();
  const before = await balance(who.url, who.key);
  const asked = { phone_number: to, request_id: 'order 7' };
  const answers = await Promise.all(Array.from({ length: 12 }, () => generate(who, asked)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const refused = answers.filter(({ status }) => status === 400);
  expect(refused.map(({ body }) => body.code)).toEqual(Array.from({ length: 11 }, () => 120));
  expect((await generate(who, { ...asked, phone_number: nextNumber() })).body.code).toBe(120);
  const { code } = await received(who, to);
  codes.push(code);
  expect(await messagesAt(who, to)).toHaveLength(1);
  const { available } = await balance(who.url, who.key);
  expect(before.available - available).toBe(1);
});

test('a simulation is answered, and sends, stores and charges nothing', async () => {
  const to = nextNumber();
  const before = await balance(who.url, who.key);
  const simulation = { phone_number: to, simulation_mode: 'yes', request_id: 'order-8' };
  const { status, body } = await generate(who, simulation);
  expect([status, body]).toEqual([
    200,
    { ...SUCCESS, ticket_number: expect.stringMatching(/^otp_/), otp_request_token: expect.stringMatching(/^otp_/) },
  ]);
  expect((await validate(who, { otp_request_token: body.otp_request_token, code: '012345' })).body).toEqual(NOT_FOUND);
  expect((await balance(who.url, who.key)).available).toBe(before.available);
  // Its id was not used up either; and what is on the phone afterwards is what was sent.
  await sent({ request_id: 'order-8' }, to);
  expect(await messagesAt(who, to)).toHaveLength(1);
});

describe('a call', () => {
  /** Answers it, and reads the code from what the phone heard. */
  async function heard(body: object, said: RegExp) {
    const to = nextNumber();
    const answer = await generate(who, { phone_number: to, channel: 'voice_sms', ...body });
    expect(answer.body).toMatchObject(SUCCESS);
    const phone = handsetAt(who.url, who.key, to);
    expect(await phone.act('answer')).toBe(200);
    const { transcript } = await phone.call(({ state }) => state === 'ended');
    const [, spelt = ''] = said.exec(transcript) ?? expect.fail(transcript);
    const code = spelt.replaceAll(' ', '');
    codes.push(code, spelt);
    const asked = { otp_request_token: answer.body.otp_request_token, code };
    expect((await validate(who, asked)).body).toEqual(SUCCESS);
    return { code, sound: readWav(await phone.audio()) };
  }

  test('is heard in the language and by the voice that were asked for, and its code is right', async () => {
    const before = await balance(who.url, who.key, 'voice');
    const french = { voice_language: 'fr', voice_gender: 'MALE', text: 'Votre code est {code}, jusqu’à {hh:mm:ss}.' };
    const [spoken] = await Promise.all([
      heard(french, /^Votre code est ((?:\d ){5}\d) , jusqu’à \d\d:\d\d:\d\d\./),
      heard({ text: 'Your verification code: ' }, /^Your verification code: ((?:\d ){5}\d)/),
    ]);
    const { voice } = findVoice({ language: 'fr-FR', gender: 'male' });
    await listen(data, (ear) => ear.hears(spoken.sound, spoken.code, voice));
    const settled = await eventually(
      () => balance(who.url, who.key, 'voice'),
      ({ held }) => held === 0,
    );
    expect(before.available - settled.available).toBe(2);
  });
});

test('a number where too many codes were wrong gets no more of them', async () => {
  const to = nextNumber();
  const { token, code } = await sent({ max_wrong_attempts: 100 }, to);
  const guess = () => validate(who, { otp_request_token: token, code: other(code) });
  const guesses = await Promise.all(Array.from({ length: 30 }, guess));
  expect(guesses.filter(({ body }) => body.code === 199)).toHaveLength(20);
  expect(guesses.filter(({ body }) => body.code === 196)).toHaveLength(10);
  expect((await validate(who, { otp_request_token: token, code })).body.code).toBe(196);
  const again = await generate(who, { phone_number: to });
  expect([again.status, again.body.code, Number(again.headers.get('retry-after')) > 80_000]).toEqual([429, 128, true]);
  expect(await messagesAt(who, to)).toHaveLength(1);
});

test('who is not known is told so, and which numbers get no codes', async () => {
  expect(await generate({ ...who, login: 'x@example.com' }, {})).toMatchObject({ status: 401, body: { code: 101 } });
  expect(await generate(who, {})).toMatchObject({ status: 400, body: { code: 110 } });
  for (const phone_number of ['+8816123456789', '+9991234567', '00210123456789'])
    expect(await generate(who, { phone_number })).toMatchObject({ status: 403, body: { code: 150 } });
  expect(await generate(who, { phone_number: '911' })).toMatchObject({ status: 400, body: { code: 117 } });
});
