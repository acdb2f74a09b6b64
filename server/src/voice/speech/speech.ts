import { createHash } from 'node:crypto';
import { isError, PassbellError } from '../../errors.ts';
import type { Log } from '../../observe/log.ts';
import type { Clock } from '../../values/clock.ts';
import type { Clip } from '../audio/clip.ts';
import { makeClip } from '../audio/make-clip.ts';
import { toTelephoneRate } from '../audio/resample.ts';
import { alphabetOf } from '../spelling/alphabets.ts';
import type { ClipFiles } from './clip-files.ts';
import type { ClipMemory } from './clip-memory.ts';
import { amplify, gainOfVolume, gainToTarget, isSilent, trimSilence } from './shape.ts';
import type { Pcm, SpeechEngine, Utterance, Voice } from './speech-engine.ts';

/** Where a clip may be kept. `nowhere`: it holds a code, and goes when the call has gone. */
export type Keep = 'disk' | 'nowhere';

/** Where everything that is spoken comes from: 8 kHz, trimmed, all of it equally loud, made once. */
export interface Speech {
  /**
   * Rejects with `unavailable` when no engine can say anything now, and with `UnspokenError` when this cannot be said in this voice:
   * nothing would be heard of it, or it would take longer than a call may.
   */
  clip(utterance: Utterance, voice: Voice, keep: Keep): Promise<Clip>;
  /** Makes the digits of a voice beforehand. Never rejects. */
  warm(voice: Voice): Promise<void>;
  /** Gives the engines and the files back. */
  close(): Promise<void>;
}

/** A voice cannot say something; another one, or other words, may do. */
export class UnspokenError extends Error {}

export interface SpeechDeps {
  /** In order of preference: each is the fallback of those before it. */
  readonly engines: readonly SpeechEngine[];
  readonly memory: ClipMemory;
  readonly files: ClipFiles;
  readonly clock: Clock;
  readonly log: Log;
}

interface Order {
  /** Says voice, loudness and words: what sounds the same has the same. */
  readonly key: string;
  readonly utterance: Utterance;
  readonly voice: Voice;
  readonly keep: Keep;
}

/** Part of every file's name: raised when the same words come to sound otherwise. */
const VERSION = 1;
/** How long a voice is spoken by its fallback after its own engine failed: a broken model fails slowly. */
const REST_MS = 60_000;

export function openSpeech({ engines, memory, files, clock, log }: SpeechDeps): Speech {
  const underWay = new Map<string, Promise<Clip>>();
  /** Until when an engine is not asked for a voice. */
  const resting = new Map<string, number>();
  const closing = new AbortController();

  /** The engines to ask, in order. The last one is always asked. */
  function usable(voice: Voice): readonly SpeechEngine[] {
    const speaking = engines.filter((engine) => engine.speaks(voice));
    return speaking.filter((engine) => engine === speaking.at(-1) || !rests(engine, voice));
  }

  function rests(engine: SpeechEngine, voice: Voice): boolean {
    const until = resting.get(`${engine.name} ${voice.name}`);
    return until !== undefined && until > clock.elapsed();
  }

  async function make({
    engine,
    key,
    utterance,
    voice,
    keep,
  }: Order & { readonly engine: SpeechEngine }): Promise<Clip> {
    const name = createHash('sha256').update(`${VERSION}\n${engine.name}\n${key}`).digest('hex');
    const stored = keep === 'disk' ? await files.get(name) : null;
    if (stored) return makeClip(stored);
    const samples = shaped(await engine.say(utterance, voice, closing.signal), utterance, voice);
    if (keep === 'disk') void files.put(name, samples);
    return makeClip(samples);
  }

  async function ask(order: Order, asked: readonly SpeechEngine[]): Promise<Clip> {
    let failure: unknown = new PassbellError('unavailable', { reason: 'speech' });
    for (const engine of asked) {
      const pair = `${engine.name} ${order.voice.name}`;
      try {
        const clip = await make({ ...order, engine });
        resting.delete(pair);
        if (order.keep === 'disk') memory.set(`${engine.name} ${order.key}`, clip);
        return clip;
      } catch (error) {
        failure = error;
        if (closing.signal.aborted) break;
        if (engine === asked.at(-1) || error instanceof UnspokenError) continue;
        if (!resting.has(pair))
          log.warn('speech_fallback', { engine: engine.name, voice: order.voice.name, cause: cause(error) });
        resting.set(pair, clock.elapsed() + REST_MS);
      }
    }
    if (failure instanceof PassbellError || failure instanceof UnspokenError) throw failure;
    // The engine is well, and the words are not: too long, or of a kind that it dies of.
    log.warn('speech_refused', { voice: order.voice.name, cause: cause(failure) });
    throw new UnspokenError('no engine can say it', { cause: failure });
  }

  function clip(utterance: Utterance, voice: Voice, keep: Keep): Promise<Clip> {
    if (closing.signal.aborted) return Promise.reject(new PassbellError('unavailable', { reason: 'draining' }));
    const words = utterance.kind === 'ssml' ? utterance.ssml : utterance.text;
    const key = `${voice.name} ${voice.volume} ${utterance.kind} ${words}`;
    const asked = usable(voice);
    const order: Order = { key, utterance, voice, keep };
    if (keep === 'nowhere') return ask(order, asked);
    const known = memory.get(`${asked[0]?.name} ${key}`);
    if (known) return Promise.resolve(known);
    const started = underWay.get(key);
    if (started) return started;
    const fresh = ask(order, asked).finally(() => underWay.delete(key));
    underWay.set(key, fresh);
    return fresh;
  }

  return {
    clip,
    async warm(voice) {
      for (const text of alphabetOf(voice.locale).digits) {
        try {
          await clip({ kind: 'text', text }, voice, 'disk');
        } catch (error) {
          log.warn('speech_not_warm', { voice: voice.name, cause: cause(error) });
          return;
        }
      }
    },
    async close() {
      closing.abort(new PassbellError('unavailable', { reason: 'draining' }));
      await Promise.all(engines.map((engine) => engine.close()));
      await Promise.allSettled(underWay.values());
      await files.close();
    },
  };
}

function shaped(pcm: Pcm, utterance: Utterance, voice: Voice): Int16Array {
  const samples = toTelephoneRate(pcm.samples, pcm.rate);
  if (isSilent(samples)) {
    if (hasWords(utterance)) throw new UnspokenError('nothing can be heard of it');
    return samples;
  }
  // A caller's markup asks for its own pauses and loudness: both stay.
  if (utterance.kind === 'ssml') return amplify(samples, gainOfVolume(voice.volume));
  const bare = trimSilence(samples);
  return amplify(bare, gainToTarget(bare) + gainOfVolume(voice.volume));
}

function hasWords(utterance: Utterance): boolean {
  const text = utterance.kind === 'ssml' ? utterance.ssml.replace(/<[^>]*>|&\w+;/g, ' ') : utterance.text;
  return /[\p{L}\p{N}]/u.test(text);
}

/** Engines' messages hold nothing of what they were given to say. */
function cause(error: unknown): string {
  if (isError(error, 'unavailable')) return error.detail.reason;
  return error instanceof Error ? error.message : 'unknown';
}
