import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isError, PassbellError } from '../errors.ts';
import { silentLog } from '../observe/log.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { Secret } from '../values/secret.ts';
import { type Clip, clipMs } from './audio/clip.ts';
import { makeClip, silence } from './audio/make-clip.ts';
import { type AudioFiles, callRenderer, spokenSeconds } from './render.ts';
import type { Line, RendersCall, Script } from './script.ts';
import { clipFiles } from './speech/clip-files.ts';
import { clipMemory } from './speech/clip-memory.ts';
import { type ScriptedEngine, scriptedEngine } from './speech/scripted-engine.ts';
import { openSpeech, type Speech } from './speech/speech.ts';
import { findVoice } from './voices.ts';

const text = (words: string): Line => ({ kind: 'text', text: words });
const code: Line = { kind: 'code', from: 'speech' };
const codeOfFiles: Line = { kind: 'code', from: 'files' };

function script(parts: Partial<Script<Line>>): Script<Line> {
  return { intro: [], code: [], replayPrompt: [], outro: [], maxReplays: 0, autoReplay: false, ...parts };
}

function about(written = '407') {
  return { code: new Secret(written), voice: findVoice({ language: 'fr-FR' }).voice, accountId: 'acc' };
}

let dir: string;
let engine: ScriptedEngine;
let speech: Speech;
let renders: RendersCall;
/** By account and path. */
let uploaded: Map<string, Clip>;
const audioFiles: AudioFiles = { clip: async (account, path) => uploaded.get(`${account} ${path}`) ?? null };

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'render-'));
  engine = scriptedEngine('test');
  const clock = new ManualClock();
  uploaded = new Map();
  const files = clipFiles({ dir, clock, log: silentLog });
  speech = openSpeech({ engines: [engine], memory: clipMemory(), files, clock, log: silentLog });
  renders = callRenderer({ speech, audioFiles });
});
afterEach(async () => {
  await speech.close();
  await rm(dir, { recursive: true });
});

const isPause = (clip: Clip): boolean => clip.pcm.every((sample) => sample === 0);
const faultsOf = (error: unknown) => (isError(error, 'invalid_request') ? error.detail.faults : []);

test('a code is said character by character, in the language of the voice, with pauses between', async () => {
  const rendered = await renders(script({ code: [text('Votre code'), code] }), about());
  expect(engine.said.sort()).toEqual(['Votre code', 'quatre', 'sept', 'zéro']);
  expect(rendered.code.map(isPause)).toEqual([false, true, false, true, false, true, false, true]);
  expect(rendered.code.filter(isPause).map((clip) => clipMs(clip))).toEqual([350, 350, 350, 350]);
});

test('a script may have every capital of its code announced', async () => {
  await renders(script({ code: [{ ...code, capitals: 'announced' }] }), about('B1'));
  expect(engine.said.sort()).toEqual(['bé majuscule', 'un']);
});

test('every part of a script is made, and how it repeats is kept', async () => {
  const rendered = await renders(
    script({
      intro: [text('a')],
      code: [code],
      replayPrompt: [text('b')],
      outro: [text('c')],
      maxReplays: 3,
      autoReplay: true,
    }),
    about('1'),
  );
  expect(rendered).toMatchObject({ maxReplays: 3, autoReplay: true });
  const parts = [rendered.intro, rendered.code, rendered.replayPrompt, rendered.outro];
  expect(parts.map((clips) => clips.map(isPause))).toEqual([[false, true], [false, true], [false, true], [false]]);
});

test('a pause of the script takes the place of ours, and is cut to ten seconds', async () => {
  const rendered = await renders(script({ outro: [text('a'), { kind: 'pause', ms: 1e9 }, text('b')] }), about());
  expect(rendered.outro.map((clip) => isPause(clip) && clipMs(clip))).toEqual([false, 10_000, false]);
});

test('markup is written anew before an engine sees it', async () => {
  await renders(script({ intro: [{ kind: 'ssml', ssml: 'a<break time="1s"/>' }] }), about());
  expect(engine.said).toEqual(['<speak>a<break time="1000ms"/></speak>']);
});

test('a code may come from the spelling files of the account, in small letters', async () => {
  for (const name of ['a', 'b', '1']) uploaded.set(`acc /spelling/fr-FR/${name}.wav`, silence(200));
  uploaded.set('acc /hello.wav', makeClip(new Int16Array(800).fill(7)));
  const rendered = await renders(
    script({ intro: [{ kind: 'file', path: '/hello.wav' }], code: [codeOfFiles] }),
    about('A1b'),
  );
  expect(rendered.intro[0]?.pcm).toBe(uploaded.get('acc /hello.wav')?.pcm);
  expect(rendered.code[0]?.pcm).toBe(uploaded.get('acc /spelling/fr-FR/a.wav')?.pcm);
  expect(rendered.code.map((clip) => clipMs(clip))).toEqual([200, 350, 200, 350, 200, 350]);
  expect(engine.said).toEqual([]);
});

test('all that is wrong is said at once; what is missing is named once and in order, so that it is not the code', async () => {
  uploaded.set('other /hello.wav', silence(1));
  uploaded.set('acc /spelling/fr-FR/5.wav', silence(1));
  const error = await renders(
    script({
      intro: [
        { kind: 'file', path: '/hello.wav' },
        { kind: 'ssml', ssml: '<audio/>' },
      ],
      code: [codeOfFiles],
      outro: [{ kind: 'file', path: '/bye.wav' }],
    }),
    about('95919'),
  ).catch((reason: unknown) => reason);
  expect(faultsOf(error)).toEqual(
    expect.arrayContaining([
      { field: 'intro', message: 'There is no audio file /hello.wav; upload it.' },
      { field: 'intro', message: expect.stringContaining('has <audio>') },
      { field: 'code', message: 'There is no audio file /spelling/fr-FR/1.wav, /spelling/fr-FR/9.wav; upload it.' },
      { field: 'outro', message: 'There is no audio file /bye.wav; upload it.' },
    ]),
  );
  expect(faultsOf(error)).toHaveLength(4);
});

test('words that the voice cannot speak are the fault of the request, an engine that is out is not', async () => {
  engine.trouble = () => ({ samples: new Int16Array(800), rate: 8000 });
  const error = await renders(script({ intro: [text('漢字')] }), about()).catch((reason: unknown) => reason);
  expect(faultsOf(error)).toEqual([
    { field: 'intro', message: expect.stringContaining('fr-FR/female/1 cannot speak it') },
  ]);
  expect(JSON.stringify(error)).not.toContain('漢');
  engine.trouble = () => Promise.reject(new PassbellError('unavailable', { reason: 'speech' }));
  await expect(renders(script({ code: [code] }), about())).rejects.toSatisfy((e) => isError(e, 'unavailable'));
});

test.each([
  ['text', text('Votre code est 4 0-7, merci')],
  ['markup', { kind: 'ssml', ssml: 'code <s>4</s>&#48;<s>7</s>' }],
] as const)('a prompt of %s that holds the code is not kept on disk', async (_, line) => {
  await renders(script({ intro: [line, text('bonjour')] }), about());
  await renders(script({ intro: [line, text('bonjour')] }), about());
  await speech.close();
  expect(engine.said).toHaveLength(3);
  expect(await readdir(dir)).toHaveLength(1);
});

test('a code of marks alone does not make every prompt a secret', async () => {
  await renders(script({ intro: [text('bonjour')] }), about('--..'));
  await renders(script({ intro: [text('bonjour')] }), about('--..'));
  expect(engine.said).toHaveLength(1);
});

test('what was rendered before costs next to nothing', async () => {
  const asked = script({
    intro: [text('Bonjour, ici Prixa.')],
    code: [text('Votre code'), code],
    outro: [text('Merci')],
  });
  const fresh = (i: number) => about(String(100_000 + i));
  for (let i = 0; i < 500; i++) await renders(asked, fresh(i));
  const said = engine.said.length;
  const began = performance.now();
  for (let i = 0; i < 2000; i++) await renders(asked, fresh(i));
  // 30 to 60 µs on a machine of its own; a synthesis would take ten thousand.
  expect((performance.now() - began) / 2000).toBeLessThan(1);
  expect(engine.said.length).toBe(said);
});

test('spoken seconds are what is heard when nobody presses a key', () => {
  const clips = (ms: number) => [silence(ms)];
  const base = { intro: clips(1000), code: clips(4000), replayPrompt: clips(500), outro: clips(100) };
  expect(spokenSeconds({ ...base, maxReplays: 0, autoReplay: false })).toBeCloseTo(5.1);
  expect(spokenSeconds({ ...base, maxReplays: 3, autoReplay: false })).toBeCloseTo(5.6);
  expect(spokenSeconds({ ...base, maxReplays: 0, autoReplay: true })).toBeCloseTo(5.1);
  expect(spokenSeconds({ ...base, maxReplays: 2, autoReplay: true })).toBeCloseTo(13.1);
});

test('clips carry what they say, for transcripts: the character, not its name', async () => {
  uploaded.set('acc /intro.wav', makeClip(new Int16Array(800).fill(9)));
  const rendered = await renders(
    script({ intro: [{ kind: 'file', path: '/intro.wav' }], code: [text(' Votre code '), code] }),
    about('4#'),
  );
  const words = (clips: readonly Clip[]) => clips.flatMap((clip) => clip.words ?? []);
  expect(words(rendered.intro)).toEqual(['/intro.wav']);
  expect(words(rendered.code)).toEqual(['Votre code', '4', '#']);
});
