import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isError, PassbellError } from '../../errors.ts';
import type { Log } from '../../observe/log.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { clipMs } from '../audio/clip.ts';
import { level } from '../audio/level.ts';
import { clipFiles } from './clip-files.ts';
import { clipMemory } from './clip-memory.ts';
import { scriptedEngine } from './scripted-engine.ts';
import { openSpeech, type Speech, UnspokenError } from './speech.ts';
import type { Pcm, SpeechEngine, Voice } from './speech-engine.ts';

const voice: Voice = { name: 'en-GB/female/1', locale: 'en-GB', gender: 'female', volume: 0 };
const text = (words: string) => ({ kind: 'text', text: words }) as const;
const silent: Pcm = { samples: new Int16Array(800), rate: 8000 };

let dir: string;
const clock = new ManualClock();
let events: string[] = [];
const note = (event: string): void => void events.push(event);
const log: Log = { info: note, warn: note, error: note };
const open: Speech[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'speech-'));
  events = [];
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((speech) => speech.close()));
  await rm(dir, { recursive: true });
});

function start(...engines: SpeechEngine[]): Speech {
  const speech = openSpeech({ engines, memory: clipMemory(), files: clipFiles({ dir, clock, log }), clock, log });
  open.push(speech);
  return speech;
}

test('what is said comes at 8 kHz, as loud as all the rest, and louder or softer where asked', async () => {
  const speech = start(scriptedEngine('test'));
  const clip = await speech.clip(text('hello'), voice, 'disk');
  expect(clipMs(clip)).toBeCloseTo(500, -1);
  expect(level(clip.pcm).rms).toBeCloseTo(-20, 0);
  const soft = await speech.clip(text('hello'), { ...voice, volume: -2 }, 'disk');
  expect(level(soft.pcm).rms).toBeCloseTo(-26, 0);
});

test('the same words are made once, even when many ask at once, and not again after a restart', async () => {
  const engine = scriptedEngine('test');
  const speech = start(engine);
  const clips = await Promise.all(Array.from({ length: 50 }, () => speech.clip(text('hello'), voice, 'disk')));
  expect(new Set(clips).size).toBe(1);
  expect(await speech.clip(text('hello'), voice, 'disk')).toBe(clips[0]);
  await speech.close();
  const restarted = scriptedEngine('test');
  const later = await start(restarted).clip(text('hello'), voice, 'disk');
  expect(later.key).toBe(clips[0]?.key);
  expect([engine.said, restarted.said]).toEqual([['hello'], []]);
});

test('what may be kept nowhere is made anew each time, and leaves no file', async () => {
  const engine = scriptedEngine('test');
  const speech = start(engine);
  await speech.clip(text('4711'), voice, 'nowhere');
  await speech.clip(text('4711'), voice, 'nowhere');
  expect(engine.said).toEqual(['4711', '4711']);
  expect(await readdir(dir)).toEqual([]);
});

test('a file says nothing of what is spoken in it', async () => {
  const speech = start(scriptedEngine('test'));
  await speech.clip(text('hello ../../etc/passwd'), voice, 'disk');
  await speech.close();
  const [file = '', ...others] = await readdir(dir);
  expect(others).toEqual([]);
  expect(file).toMatch(/^[0-9a-f]{64}\.clip$/);
  expect((await readFile(join(dir, file))).includes('hello')).toBe(false);
});

test('where the first engine fails the next one speaks, is logged once, and the first is asked again a minute later', async () => {
  const first = scriptedEngine('piper');
  const second = scriptedEngine('espeak');
  const speech = start(first, second);
  first.trouble = () => Promise.reject(new Error('no model'));
  await speech.clip(text('a'), voice, 'disk');
  await speech.clip(text('b'), voice, 'disk');
  await speech.clip(text('a'), voice, 'disk');
  expect([first.said, second.said, events]).toEqual([['a'], ['a', 'b'], ['speech_fallback']]);
  clock.advance(60_001);
  await speech.clip(text('c'), voice, 'disk');
  expect(events).toEqual(['speech_fallback']);
  clock.advance(60_001);
  first.trouble = null;
  await speech.clip(text('a'), voice, 'disk');
  expect(first.said).toEqual(['a', 'c', 'a']);
});

test('an engine that does not speak a voice is not asked', async () => {
  const first = scriptedEngine('piper', ({ name }) => name === 'np_rija');
  const second = scriptedEngine('espeak');
  await start(first, second).clip(text('a'), voice, 'disk');
  expect([first.said, second.said]).toEqual([[], ['a']]);
});

test('silence is an error where there were words, and nothing of it is kept', async () => {
  const engine = scriptedEngine('test');
  const speech = start(engine);
  engine.trouble = () => silent;
  await expect(speech.clip(text('hello'), voice, 'disk')).rejects.toBeInstanceOf(UnspokenError);
  await expect(
    speech.clip({ kind: 'ssml', ssml: '<speak>a<break time="1ms"/></speak>' }, voice, 'disk'),
  ).rejects.toBeInstanceOf(UnspokenError);
  engine.trouble = null;
  expect(clipMs(await speech.clip(text('hello'), voice, 'disk'))).toBeGreaterThan(400);
});

test('silence is what was asked for where there were no words', async () => {
  const engine = scriptedEngine('test');
  const speech = start(engine);
  engine.trouble = () => silent;
  expect(level((await speech.clip(text('...'), voice, 'disk')).pcm).rms).toBe(Number.NEGATIVE_INFINITY);
  const pause = { kind: 'ssml', ssml: '<speak><break time="100ms"/>&lt;</speak>' } as const;
  expect(clipMs(await speech.clip(pause, voice, 'disk'))).toBe(100);
});

test('words that an engine cannot say are told from an engine that cannot speak', async () => {
  const engine = scriptedEngine('test');
  const speech = start(engine);
  engine.trouble = () => Promise.reject(new Error('it takes too long to say'));
  await expect(speech.clip(text('a'), voice, 'disk')).rejects.toBeInstanceOf(UnspokenError);
  const speechIsOut = (error: unknown): boolean => isError(error, 'unavailable') && error.detail.reason === 'speech';
  engine.trouble = () => Promise.reject(new PassbellError('unavailable', { reason: 'speech' }));
  await expect(speech.clip(text('a'), voice, 'disk')).rejects.toSatisfy(speechIsOut);
  await expect(start().clip(text('a'), voice, 'disk')).rejects.toSatisfy(speechIsOut);
});

test('digits can be made beforehand, and a warm-up that fails harms nobody', async () => {
  const engine = scriptedEngine('test');
  const speech = start(engine);
  await speech.warm(voice);
  expect(engine.said).toHaveLength(10);
  engine.trouble = () => Promise.reject(new PassbellError('unavailable', { reason: 'speech' }));
  await speech.warm({ ...voice, volume: 1 });
  expect(events).toEqual(['speech_not_warm']);
});

test('after the close nothing is said', async () => {
  const speech = start(scriptedEngine('test'));
  await speech.close();
  await expect(speech.clip(text('a'), voice, 'disk')).rejects.toSatisfy((error) => isError(error, 'unavailable'));
});
