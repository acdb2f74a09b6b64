import { describe, expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import type { AcceptRequest, AcceptVerdict } from '../rules/accept.ts';
import { defaultSettings } from '../rules/account-settings.ts';
import type { Account } from '../store/tables/accounts.ts';
import { idSource } from '../values/id.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { parsePhoneNumber } from '../values/phone-number.ts';
import { systemRandom } from '../values/random.ts';
import { Secret } from '../values/secret.ts';
import { drawKeys } from '../vault/keys.ts';
import { openVault } from '../vault/open-vault.ts';
import { makeClip } from '../voice/audio/make-clip.ts';
import { voiceNamed } from '../voice/voices.ts';
import type { SendOtp } from './send-otp.ts';
import { togetherSender } from './send-together.ts';

const random = systemRandom();
const vault = openVault(drawKeys(random.bytes), random);
const clock = new ManualClock();
const account: Account = {
  ...{ id: 'acme', name: 'Acme', login: 'a@example.com', country: 'NP', timeZone: 'Asia/Kathmandu', mode: 'test' },
  ...{ settings: defaultSettings, listens: { test: [], live: [] }, createdAt: 0, disabledAt: null },
};
const nothing = { intro: [], code: [], replayPrompt: [], outro: [], maxReplays: 0, autoReplay: false };

function call(spelling: string): SendOtp {
  const parsed = parsePhoneNumber(spelling, 'NP');
  const voice = voiceNamed('np_rija');
  if (!parsed.ok || voice === null) throw new Error('not a number, or not a voice');
  return {
    ...{ account, mode: 'test', dialect: 'cm', number: parsed.number, numberAsSent: spelling, text: '' },
    ...{
      code: new Secret('012345'),
      ttlMs: 300_000,
      maxAttempts: 5,
      options: '{}',
      numbered: false,
      replay: null,
      verification: null,
      via: null,
    },
    channel: 'voice',
    call: {
      ...{ script: nothing, voice, from: '+9779801000000', anonymous: false, ringMs: 60_000 },
      ...{ callbackUrl: 'https://example.com/cb', instructionId: 'ours', warnings: [] },
    },
  };
}

/** @param fate of each submit, by its place */
function desk(fate: (i: number, request: AcceptRequest) => AcceptVerdict | undefined = () => undefined, seconds = 70) {
  const submitted: AcceptRequest[] = [];
  const delivery = {
    async submit(request: AcceptRequest): Promise<AcceptVerdict> {
      submitted.push(request);
      const { otpId, deliveryId } = request;
      const accepted = { accepted: true, fresh: true, otpId, deliveryId, number: null } as const;
      return fate(submitted.length - 1, request) ?? { ...accepted, available: { sms: 0, voice: 9 } };
    },
  };
  const phone = { uplink: { name: 'handset', status: () => ({ free: 1 }) }, priority: 0 };
  const routes = { routes: () => [phone] };
  const clip = makeClip(new Int16Array(seconds * 8000));
  const renderCall = async () => ({ ...nothing, code: [clip] });
  const ids = idSource(clock, random);
  const deps = { delivery, carriers: routes, trunks: routes, renderCall, vault, clock, random, ids };
  return { send: togetherSender(deps), submitted };
}

const three = ['9851023212', '9851023213', '9851023214'].map(call);

describe('togetherSender', () => {
  it('has the first one find credits for all of them', async () => {
    const { send, submitted } = desk();
    const fates = await send(three);
    expect(fates).toMatchObject([{ credits: 3, spokenSeconds: 70 }, { credits: 3 }, { credits: 3 }]);
    expect(submitted.map(({ credits, needed }) => [credits, needed])).toEqual([
      [3, 9],
      [3, 3],
      [3, 3],
    ]);
  });

  it('sends nothing when there are too few', async () => {
    const refusal = { code: 'credits_exhausted', detail: { pool: 'voice', missing: 4 } } as const;
    const { send, submitted } = desk(() => ({ accepted: false, refusal }));
    await expect(send(three)).rejects.toMatchObject({ code: 'credits_exhausted', detail: { missing: 4 } });
    expect(submitted).toHaveLength(1);
  });

  it('lets one be refused by its own limit, and the next find the credits for the rest', async () => {
    const limited = { code: 'rate_limited', detail: { limit: 'number', retryAfterMs: 1 } } as const;
    const { send, submitted } = desk((i) => (i === 0 ? { accepted: false, refusal: limited } : undefined));
    const [first, second, third] = await send(three);
    expect(first).toEqual({ refused: expect.any(PassbellError) });
    expect([second, third]).toMatchObject([{ credits: 3 }, { credits: 3 }]);
    expect(submitted.map(({ needed }) => needed)).toEqual([9, 6, 3]);
  });

  it('refuses a number that is not served, and calls the others', async () => {
    const { send, submitted } = desk();
    const fates = await send([call('+8816 1234 5678'), ...three]);
    expect(fates[0]).toMatchObject({ refused: { code: 'destination_refused' } });
    expect(fates.slice(1)).toMatchObject([{ credits: 3 }, { credits: 3 }, { credits: 3 }]);
    expect(submitted).toHaveLength(3);
  });

  it('seals where the callback goes, and keeps what the record shows', async () => {
    const { send, submitted } = desk();
    await send(three);
    const [request] = submitted;
    expect(request).toMatchObject({
      callback: true,
      pool: 'voice',
      segments: 0,
      call: { instructionId: 'ours', spokenMs: 70_000 },
    });
    expect(JSON.stringify(request)).not.toContain('example.com');
    expect(JSON.stringify(request)).not.toContain('012345');
    const place = { account: 'acme', row: request?.deliveryId ?? '', column: 'callback' } as const;
    expect(vault.open(place, request?.call?.callbackSealed ?? '')).toBe('https://example.com/cb');
  });
});
