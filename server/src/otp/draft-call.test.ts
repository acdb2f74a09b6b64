import { expect, test } from 'vitest';
import { defaultSettings } from '../rules/account-settings.ts';
import { idSource } from '../values/id.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { systemRandom } from '../values/random.ts';
import { Secret } from '../values/secret.ts';
import { drawKeys } from '../vault/keys.ts';
import { openVault } from '../vault/open-vault.ts';
import { makeClip } from '../voice/audio/make-clip.ts';
import { draftCall } from './draft-call.ts';

const SCRIPT = { intro: [], code: [], replayPrompt: [], outro: [], maxReplays: 0, autoReplay: false } as const;

test('a code that is spoken lives from when it was asked for, however long its sound took to make', async () => {
  const clock = new ManualClock();
  const random = systemRandom();
  const asked = clock.now();
  const { request, cargo } = await draftCall(
    {
      account: {
        ...{
          id: 'acme',
          name: 'Acme',
          login: 'a@example.com',
          country: 'NP',
          timeZone: 'Asia/Kathmandu',
          mode: 'test',
        },
        ...{ settings: defaultSettings, listens: { test: [], live: [] }, createdAt: 0, disabledAt: null },
      },
      ...{ mode: 'test', dialect: 'octopush', channel: 'voice', code: new Secret('012345'), text: '', ttlMs: 60_000 },
      ...{ number: { e164: '+9779851023212', country: 'NP', type: 'mobile' }, numberAsSent: '9851023212' },
      ...{ maxAttempts: 5, options: '{}', numbered: false, replay: null, verification: null, via: null },
      call: {
        ...{ script: SCRIPT, voice: { name: 'en_f', locale: 'en-US', gender: 'female', volume: 0 }, from: null },
        ...{ anonymous: false, ringMs: 30_000, callbackUrl: null, instructionId: null, warnings: [] },
      },
    },
    {
      ...{ clock, vault: openVault(drawKeys(random.bytes), random), ids: idSource(clock, random) },
      async renderCall() {
        clock.advance(1_500);
        return { ...SCRIPT, code: [makeClip(new Int16Array(8_000))] };
      },
    },
  );
  expect([request.createdAt, request.expiresAt]).toEqual([asked, asked + 60_000]);
  expect(cargo.channel === 'voice' && cargo.call.expiresAt).toBe(asked + 60_000);
});
