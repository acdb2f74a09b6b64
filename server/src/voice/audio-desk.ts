import { PassbellError } from '../errors.ts';
import type { AudioEntry, AudioStore } from '../store/tables/audio.ts';
import type { Clock } from '../values/clock.ts';
import { type Clip, SAMPLE_RATE } from './audio/clip.ts';
import type { ConvertsWav } from './audio/convert-wav.ts';
import { makeClip } from './audio/make-clip.ts';
import { textSamples } from './audio/samples-text.ts';
import { wavConverter } from './audio/wav-converter.ts';
import { writeWav } from './audio/write-wav.ts';
import { parseAudioPath } from './audio-path.ts';
import type { AudioFiles } from './render.ts';
import { clipMemory } from './speech/clip-memory.ts';

/** Nearly a minute of a CD's sound, in stereo. */
export const MOST_AUDIO_BYTES = 10 * 1024 * 1024;
/** A prompt is heard by somebody who waits for six digits. */
const MOST_SECONDS = 60;
/** A spelling file for each letter and digit in every language, and an hour of sound in all. */
const MOST = { files: 1_000, samples: 3_600 * SAMPLE_RATE };

/** The sounds that accounts uploaded: prompts, and spelling files. Paths are from the account's root; see `parseAudioPath`. */
export interface AudioDesk extends AudioFiles {
  /**
   * Converts a WAV file and puts it in place of what stands there. Rejects with `invalid_request` (field `path` or `body`, with the cure),
   * `conflict` (the account has as much as it may) or `unavailable` (too many are being converted).
   */
  put(accountId: string, path: string, wav: Uint8Array): Promise<AudioEntry>;
  /** As it is played: 8 kHz, 16 bit, mono. Rejects with `not_found`. */
  wav(accountId: string, path: string): Promise<Uint8Array>;
  /** By path; those whose path begins with `prefix`. */
  list(accountId: string, prefix: string): Promise<readonly AudioEntry[]>;
  /** Rejects with `not_found`. */
  delete(accountId: string, path: string): Promise<void>;
}

interface Deps {
  readonly store: AudioStore;
  readonly clock: Clock;
  /** Calls `listener` when files were changed, by whatever process. */
  readonly onChange: (listener: () => void) => void;
  readonly convertWav?: ConvertsWav;
}

/** Sounds in memory, octets: a thousand spelling files, or 170 prompts of six seconds. */
const MOST_KEPT = 32 * 1024 * 1024;

export function audioDesk({ store, clock, onChange, convertWav = wavConverter() }: Deps): AudioDesk {
  let kept = clipMemory(MOST_KEPT);
  let reading = new Map<string, Promise<Clip | null>>();
  onChange(forget);

  /** What is being read goes into the memory that is given up here: it may be what was there before. */
  function forget(): void {
    kept = clipMemory(MOST_KEPT);
    reading = new Map();
  }

  async function read(accountId: string, path: string): Promise<Clip | null> {
    const row = await store.get(accountId, path);
    return row === null ? null : makeClip(textSamples(row.pcm));
  }

  /** Calls that want the same file at the same time share one reading. */
  async function clip(accountId: string, given: string): Promise<Clip | null> {
    const parsed = parseAudioPath(given);
    if ('fault' in parsed) return null;
    const key = `${accountId} ${parsed.path}`;
    const known = kept.get(key) ?? reading.get(key);
    if (known) return known;
    const [into, among] = [kept, reading];
    const found = read(accountId, parsed.path);
    among.set(key, found);
    try {
      const made = await found;
      if (made) into.set(key, made);
      return made;
    } finally {
      among.delete(key);
    }
  }

  return {
    clip,
    async put(accountId, given, wav) {
      const path = pathOf(given);
      const sound = await convertWav(wav, { maxBytes: MOST_AUDIO_BYTES, maxSeconds: MOST_SECONDS });
      if (typeof sound === 'string') throw invalid('body', sound);
      const { samples, pcm, source } = sound;
      const entry: AudioEntry = { accountId, path, samples, source, updatedAt: clock.now() };
      const fits = await store.put({ ...entry, pcm }, MOST);
      if (!fits) throw new PassbellError('conflict', { field: 'path', reason: 'too_much_audio_delete_some' });
      forget();
      return entry;
    },
    async wav(accountId, given) {
      const found = await clip(accountId, given);
      if (found === null) throw new PassbellError('not_found', { what: 'audio file' });
      return writeWav(found.pcm);
    },
    list: (accountId, prefix) => store.list(accountId, `/${prefix.replace(/^\//, '')}`.toLowerCase()),
    async delete(accountId, given) {
      const path = pathOf(given);
      if (!(await store.delete(accountId, path))) throw new PassbellError('not_found', { what: 'audio file' });
      forget();
    },
  };
}

function pathOf(given: string): string {
  const parsed = parseAudioPath(given);
  if ('fault' in parsed) throw invalid('path', parsed.fault);
  return parsed.path;
}

function invalid(field: string, message: string): PassbellError {
  return new PassbellError('invalid_request', { faults: [{ field, message }] });
}
