import { setTimeout as after } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { findVoice, voiceNamed } from '../../server/src/voice/voices.ts';
import { dtmfKeys } from '../peers/multimon.ts';
import { need } from '../peers/need.ts';
import type { Sound } from '../peers/wav.ts';
import { balance, call } from '../service/api.ts';
import { type CallJson, callBy, instruct } from '../service/voice.ts';
import { listen } from './hearing.ts';
import { CALLEE } from './line.ts';
import { pressAfterCode } from './press-after-code.ts';
import { uploadTones } from './spelling-files.ts';
import { test } from './with-line.ts';

/** What a telephone, baresip, records of the service's calls: read by a decoder of DTMF, and held against the clips of its voices. */

describe.runIf(need('baresip', 'multimon-ng', 'openssl')).concurrent('a callee hears', () => {
  test("the account's own sounds in the code's order, again with the key 1, and again by themselves", async ({
    line,
    peers,
  }) => {
    const bob = await peers.baresip({ user: CALLEE });
    await line.trunk({ port: bob.port });
    const { service, account } = line;
    await uploadTones(service.url, account.live, '04829');
    const tones = { 'code-type': 'Custom', code: '44820' };
    const heardLast = async (calls: number) => dtmfKeys((await bob.heard(calls)).at(-1) ?? expect.fail());

    const missing = { ...tones, callee: CALLEE, code: '4863' };
    const refused = await instruct<{ message: string }>(service.url, account.productTokens.live, missing);
    expect(refused.status).toBe(400);
    expect(refused.body.message).toContain('/spelling/en-GB/3.wav, /spelling/en-GB/6.wav');
    expect(refused.body.message).not.toMatch(/[48]\.wav|4863/);
    expect(await balance(service.url, account.live, 'voice')).toMatchObject({ held: 0, captured: 0 });

    await line.call(tones);
    expect(await heardLast(1)).toBe('44820');
    // What was refused was not dialled.
    expect(bob.output().match(/answering call/g)).toHaveLength(1);

    const asked = await line.place({ ...tones, 'max-replays': 1 });
    await pressAfterCode(line, bob, asked, 2);
    expect((await line.ended(asked)).record.replays).toBe(1);
    expect(await heardLast(2)).toBe('44820'.repeat(2));

    const unasked = await line.call({ ...tones, 'max-replays': 2, 'auto-replay': true });
    expect(unasked.record.replays).toBe(2);
    expect(await heardLast(3)).toBe('44820'.repeat(3));
  });

  test.for([
    ['English', { language: 'en-GB', gender: 'male' }, 'Your code is', 'A40712'],
    ['French', { language: 'fr-FR', gender: 'female' }, 'Votre code est', 'x59683'],
    ['Nepali', { language: 'ne-NP', gender: 'female' }, 'तपाईंको कोड', '९4077'],
  ] as const)(
    'a code in %s, each character in its place, and again with the key 1',
    async ([, asked, prompt, code], { line, peers }) => {
      const bob = await peers.baresip({ user: CALLEE });
      await line.trunk({ port: bob.port });
      const id = await line.place({ voice: asked, 'code-prompt': prompt, code, 'max-replays': 1 });
      await pressAfterCode(line, bob, id);
      await line.ended(id);
      const [sound = expect.fail()] = await bob.heard();
      await listen(line.data, (ear) => ear.hears(sound, code, findVoice(asked).voice, 2));
    },
  );

  test("a code in each of TingTing's voices, and in no other", async ({ line, peers }) => {
    const bob = await peers.baresip({ user: CALLEE });
    await line.trunk({ port: bob.port });
    const own = { otp_options: 'personnel', otp: '4071' };
    const sounds = new Map<string, Sound>();
    for (const voice_input of ['np_rija', 'np_shreegya', 'np_prashanna', 'np_binod']) {
      const asked = { ...own, voice_input };
      await callBy(line.service.url, line.account.live, CALLEE.slice(-10), 'कोड {otp}', asked);
      await bob.answered(sounds.size + 1);
      const newest = `${line.service.url}/v1/calls?limit=1`;
      const { body } = await call<{ data: CallJson[] }>('GET', newest, { key: line.account.live });
      await after((body.data[0]?.spoken_seconds ?? Number.NaN) * 1_000 + 500);
      await bob.hangUp();
      sounds.set(voice_input, (await bob.heard(sounds.size + 1)).at(-1) ?? expect.fail());
    }
    await listen(line.data, async (ear) => {
      for (const [spoke, sound] of sounds) {
        for (const name of sounds.keys()) {
          await ear.hears(sound, '4071', voiceNamed(name) ?? expect.fail(), name === spoke ? 1 : 0);
        }
      }
    });
  });
});
