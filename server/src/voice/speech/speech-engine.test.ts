import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isError } from '../../errors.ts';
import { silentLog } from '../../observe/log.ts';
import { systemClock } from '../../values/clock.ts';
import { level } from '../audio/level.ts';
import { voiceNamed } from '../voices.ts';
import { espeakEngine } from './espeak-engine.ts';
import { piperEngine } from './piper-engine.ts';
import { scriptedEngine } from './scripted-engine.ts';
import type { SpeechEngine, Voice } from './speech-engine.ts';
import { writeToneModel } from './tone-model.ts';

const voice = voiceNamed('np_rija') as Voice;
const never = new AbortController().signal;
const deps = { clock: systemClock, log: silentLog };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-'));
  await writeToneModel(folder);
});
afterAll(() => rm(folder, { recursive: true }));

/** What every engine holds to, and a caller may rely on. */
describe.each<[string, () => SpeechEngine]>([
  ['espeak-ng', () => espeakEngine(deps)],
  ['piper', () => piperEngine({ ...deps, models: { np_rija: folder } })],
  ['the scripted engine', () => scriptedEngine('test', ({ name }) => name === 'np_rija')],
])('%s', (_, open) => {
  let engine: SpeechEngine;
  beforeAll(() => {
    engine = open();
  });
  afterAll(() => engine.close());

  test('speaks its voices, and no others', () => {
    expect(engine.speaks(voice)).toBe(true);
    expect(engine.speaks({ ...voice, name: 'np_rija/../../x' })).toBe(false);
  });

  test('says text and markup, as mono sound at a rate that can be brought to 8 kHz', async () => {
    for (const utterance of [
      { kind: 'text', text: 'तपाईंको कोड' },
      { kind: 'ssml', ssml: '<speak><p>तपाईंको</p><break time="500ms"/>कोड</speak>' },
    ] as const) {
      const { samples, rate } = await engine.say(utterance, voice, never);
      expect(rate).toBeGreaterThanOrEqual(8000);
      expect(samples.length / rate).toBeGreaterThan(0.3);
      expect(level(samples).rms).toBeGreaterThan(-35);
    }
  });

  test('says many things that are asked at once, each to the one who asked', async () => {
    const asked = ['एक', 'एक दुई तीन चार', 'एक'];
    const said = await Promise.all(asked.map((text) => engine.say({ kind: 'text', text }, voice, never)));
    expect(Math.abs((said[0]?.samples.length ?? 0) - (said[2]?.samples.length ?? 0))).toBeLessThan(2000);
    expect(said[1]?.samples.length).toBeGreaterThanOrEqual(said[0]?.samples.length ?? Number.NaN);
  });

  test('lets go of one who has given up', async () => {
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(engine.say({ kind: 'text', text: 'एक' }, voice, gone)).rejects.toThrow('gone');
  });

  test('says nothing after its end, which may come twice', async () => {
    await Promise.all([engine.close(), engine.close()]);
    await expect(engine.say({ kind: 'text', text: 'एक' }, voice, never)).rejects.toSatisfy(
      (error) => isError(error, 'unavailable') && error.detail.reason === 'speech',
    );
  });
});

test('piper makes silence of breaks, between the words before and after', async () => {
  const engine = piperEngine({ ...deps, models: { np_rija: folder } });
  const ssml = '<speak>एक<break time="500ms"/><prosody rate="slow">दुई</prosody></speak>';
  const { samples, rate } = await engine.say({ kind: 'ssml', ssml }, voice, never);
  await engine.close();
  // The model answers each piece with one second.
  expect(samples.length / rate).toBeCloseTo(2.5, 3);
  expect(samples.subarray(rate, 1.5 * rate).every((sample) => sample === 0)).toBe(true);
});
