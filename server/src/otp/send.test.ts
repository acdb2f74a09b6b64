import { describe, expect, it } from 'vitest';
import type { Cargo } from '../delivery/cargo.ts';
import type { Route, Routes, Uplink } from '../delivery/route.ts';
import type { AcceptRequest, AcceptVerdict } from '../rules/accept.ts';
import { defaultSettings } from '../rules/account-settings.ts';
import type { OutboundSms } from '../sms/carrier.ts';
import type { Account } from '../store/tables/accounts.ts';
import { idSource } from '../values/id.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { parsePhoneNumber } from '../values/phone-number.ts';
import { systemRandom } from '../values/random.ts';
import { Secret } from '../values/secret.ts';
import { drawKeys } from '../vault/keys.ts';
import { openVault } from '../vault/open-vault.ts';
import { makeClip } from '../voice/audio/make-clip.ts';
import type { RendersCall } from '../voice/script.ts';
import { otpSender } from './send.ts';
import type { SendBase, SendOtp, SmsMessage } from './send-otp.ts';

const random = systemRandom();
const vault = openVault(drawKeys(random.bytes), random);
const clock = new ManualClock();

const account: Account = {
  id: 'acme',
  name: 'Acme',
  login: 'a@example.com',
  country: 'NP',
  timeZone: 'Asia/Kathmandu',
  mode: 'test',
  settings: { ...defaultSettings, sender: 'ACME' },
  listens: { test: [], live: [] },
  createdAt: 0,
  disabledAt: null,
};

function ask(over: Partial<SendBase & SmsMessage> = {}, spelling = '9851023212'): SendOtp {
  const parsed = parsePhoneNumber(spelling, 'NP');
  if (!parsed.ok) throw new Error(parsed.reason);
  return {
    account,
    mode: 'test',
    dialect: 'tingting',
    channel: 'sms',
    number: parsed.number,
    numberAsSent: spelling,
    code: new Secret('012345'),
    text: 'Your code is 012345',
    sender: null,
    ttlMs: 300_000,
    maxAttempts: 5,
    options: '{}',
    numbered: true,
    replay: null,
    verification: null,
    via: null,
    ...over,
  };
}

const phone: Route<Uplink> = { uplink: { name: 'handset', status: () => ({ free: 1 }) }, priority: 0 };
const routes: Routes<Uplink> = { routes: (mode) => (mode === 'test' ? [phone] : []) };

function desk(verdict?: AcceptVerdict) {
  const submitted: { request: AcceptRequest; cargo: Cargo }[] = [];
  const delivery = {
    submit: async (request: AcceptRequest, cargo: Cargo): Promise<AcceptVerdict> => {
      submitted.push({ request, cargo });
      const { otpId, deliveryId } = request;
      return verdict ?? { accepted: true, fresh: true, otpId, deliveryId, number: 1, available: { sms: 9, voice: 0 } };
    },
  };
  const clip = makeClip(new Int16Array(8 * 8000));
  const renderCall: RendersCall = async () => ({
    ...{ intro: [clip], code: [clip], replayPrompt: [], outro: [clip], maxReplays: 2, autoReplay: true },
  });
  const ids = idSource(clock, random);
  const send = otpSender({ delivery, carriers: routes, trunks: routes, renderCall, vault, clock, random, ids });
  return { send, submitted };
}

describe('otpSender', () => {
  it('prices a send by its segments, and seals what it keeps', async () => {
    const { send, submitted } = desk();
    const sent = await send(ask({ text: `${'a'.repeat(200)} 012345` }));
    expect(sent).toMatchObject({ number: 1, segments: 2, credits: 2, fresh: true });
    const [{ request, cargo } = { request: {} as AcceptRequest, cargo: {} as Cargo }] = submitted;
    const sms: OutboundSms | null = cargo.channel === 'sms' ? cargo.sms : null;
    expect(JSON.stringify(request)).not.toContain('012345');
    expect(JSON.stringify(request)).not.toContain('9851023212');
    expect(sms).toMatchObject({ to: '+9779851023212', from: 'ACME', expiresAt: clock.now() + 300_000 });
  });

  it('counts all spellings of a number against one limit', async () => {
    const { send, submitted } = desk();
    for (const spelling of ['9851023212', '+977 985-1023212', '00977 9851023212']) await send(ask({}, spelling));
    expect(new Set(submitted.map(({ request }) => request.limits[0]?.subject)).size).toBe(1);
  });

  it('keeps content for the reveal window, and never less than the code lives', async () => {
    const { send, submitted } = desk();
    await send(ask());
    const hidden = { ...account, settings: { ...account.settings, revealSeconds: 0 } };
    await send(ask({ account: hidden }));
    expect(submitted.map(({ request }) => request.keepContentUntil - clock.now())).toEqual([86_400_000, 300_000]);
  });

  it('refuses what needs no store to be refused, and asks the store nothing', async () => {
    const { send, submitted } = desk();
    await expect(send(ask({ mode: 'live' }))).rejects.toMatchObject({ detail: { reason: 'no_carrier' } });
    await expect(send(ask({}, '+8816 1234 5678'))).rejects.toMatchObject({ code: 'destination_refused' });
    const abroad = ask({ mode: 'live' }, '+33 6 12 34 56 78');
    await expect(send(abroad)).rejects.toMatchObject({ detail: { reason: 'country' } });
    expect(submitted).toEqual([]);
  });

  it('passes the store’s refusal on as an error of the closed list', async () => {
    const refusal = { code: 'credits_exhausted', detail: { pool: 'sms', missing: 3 } } as const;
    const { send } = desk({ accepted: false, refusal });
    await expect(send(ask())).rejects.toMatchObject({ code: 'credits_exhausted', detail: { missing: 3 } });
  });
});
