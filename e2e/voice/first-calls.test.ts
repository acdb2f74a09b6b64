import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findVoice, voiceNamed } from '../../server/src/voice/voices.ts';
import { readWav } from '../peers/wav.ts';
import { type CallbackReceiver, startCallbackReceiver } from '../service/callback-receiver.ts';
import { type Handset, handsetAt } from '../service/handset.ts';
import { type Service, startService, temporaryFolder } from '../service/service.ts';
import { callBy, instruct, recordOf } from '../service/voice.ts';
import { listen } from './hearing.ts';

/** Calls of a service that was just started, to the sandbox phone: no trunk, no settings, the keys of the first start. */

const data = temporaryFolder();
let service: Service;
let receiver: CallbackReceiver;
let key: string;
let productToken: string;

beforeAll(async () => {
  receiver = await startCallbackReceiver();
  service = await startService({ data, env: { PASSBELL_CALLBACK_ALLOW: '127.0.0.0/8' } });
  key = service.ready.account?.keys.test ?? '';
  productToken = service.ready.account?.product_tokens.test ?? '';
});
afterAll(async () => {
  expect(await service.stop(), service.log()).toBe(0);
  await receiver.stop();
});

const at = (callee: string) => handsetAt(service.url, key, callee);

/** Answers, listens to the whole code, and presses 1. */
async function hearTwice(phone: Handset, code: string): Promise<void> {
  const spelt = [...code].join(' ');
  expect((await phone.call()).state).toBe('ringing');
  expect(readWav(await phone.audio()).samples).toHaveLength(0);
  expect(await phone.act('answer')).toBe(200);
  await phone.call(({ transcript }) => transcript.includes(spelt));
  // The last character has begun. When it has ended, there are 5 s to press the key.
  await after(2_000);
  expect(await phone.act('keys', { digits: '1' })).toBe(200);
  const { transcript, keys, outcome } = await phone.call(({ state }) => state === 'ended');
  expect([transcript.split(spelt).length - 1, keys, outcome]).toEqual([2, '1', 'completed']);
}

describe.concurrent('the first call', () => {
  test('that nobody answers is cancelled when its time to ring is over', async () => {
    const phone = at('+9779851020012');
    const id = await place('+9779851020012', { 'max-ringing-timeout': 10 });
    expect((await phone.call()).state).toBe('ringing');
    // This phone is never answered.
    expect(await phone.act('answer')).toBe(409);
    expect(await phone.call(({ state }) => state === 'ended')).toMatchObject({ outcome: 'cancelled', sip_status: 487 });
    expect(await told(id)).toMatchObject({ code: 9, 'sip-disconnect-code': '487' });
    expect(await recordOf(service.url, key, id)).toMatchObject({ state: 'undelivered', credits: 0 });
  });

  test('of TingTing is heard, and again with the key 1', async () => {
    const { status, body } = await callBy(service.url, key, '9851023212', 'तपाईंको कोड {otp} हो', { otp_length: 4 });
    expect(status).toBe(200);
    const code = body.data.details?.otp ?? expect.fail();
    expect(code).toMatch(/^\d{4}$/);
    expect(body.data.details?.length_factor).toBe(1);
    const phone = at('+9779851023212');
    await hearTwice(phone, code);
    const sound = readWav(await phone.audio());
    await listen(data, (ear) => ear.hears(sound, code, voiceNamed('np_rija') ?? expect.fail(), 2));
  });

  test('of CM is heard, and again with the key 1', async () => {
    const callee = '+9779851023213';
    const prompts = { 'intro-prompt': 'Hello from Acme.', 'code-prompt': 'Your code is', 'outro-prompt': 'Goodbye.' };
    const replays = { 'replay-prompt': 'To hear it again, press 1.', 'max-replays': 1 };
    const id = await place(callee, { ...prompts, ...replays, code: 'K7-402' });
    const phone = at(callee);
    await hearTwice(phone, 'K7-402');
    const { transcript } = await phone.call();
    expect(transcript).toMatch(/^Hello from Acme\. .*To hear it again, press 1\..* Goodbye\.$/);
    const sound = readWav(await phone.audio());
    await listen(data, (ear) => ear.hears(sound, 'K7-402', findVoice({ language: 'en-GB' }).voice, 2));
    expect(await told(id)).toMatchObject({ code: 10, 'sip-disconnect-code': 'BYE' });
    expect(await recordOf(service.url, key, id)).toMatchObject({ state: 'delivered', replays: 1, credits: 1 });
  });

  test.for([
    ['0011', { code: 12, 'sip-disconnect-code': '486' }, { outcome: 'rejected', ringing_at: null }],
    ['0013', { code: 12, 'sip-disconnect-code': '603' }, { outcome: 'rejected', ringing_at: expect.any(String) }],
  ] as const)('to a number that ends in %s is refused, and not charged', async ([ending, result, record]) => {
    const id = await place(`+977985102${ending}`);
    expect(await told(id)).toMatchObject(result);
    expect(await recordOf(service.url, key, id)).toMatchObject({ ...record, answered_at: null, credits: 0 });
    expect(await at(`+977985102${ending}`).act('answer')).toBe(409);
  });

  test('to a number that ends in 0014 is answered, and the code heard twice', async () => {
    const callee = '+9779851020014';
    const id = await place(callee, { 'max-replays': 3, code: '4071' });
    expect(await told(id)).toMatchObject({ code: 10 });
    expect(await recordOf(service.url, key, id)).toMatchObject({ outcome: 'completed', replays: 1, credits: 1 });
    const sound = readWav(await at(callee).audio());
    await listen(data, (ear) => ear.hears(sound, '4071', findVoice({ language: 'en-GB' }).voice, 2));
  });
});

async function place(callee: string, instruction: object = {}): Promise<string> {
  const asked = { callee, code: '42', 'callback-url': `${receiver.url}/ended`, ...instruction };
  const { status, body } = await instruct(service.url, productToken, asked);
  expect(status, JSON.stringify(body)).toBe(200);
  return body['call-id'];
}

/** The result of a call, as its callback tells it. */
async function told(id: string): Promise<unknown> {
  return (await receiver.next(({ body }) => body['call-id'] === id)).body['result'];
}
