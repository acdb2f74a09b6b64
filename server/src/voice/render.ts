import { type Fault, PassbellError } from '../errors.ts';
import { type Clip, clipMs } from './audio/clip.ts';
import { silence } from './audio/make-clip.ts';
import type { Line, RendersCall, Script, ScriptField } from './script.ts';
import { type Keep, type Speech, UnspokenError } from './speech/speech.ts';
import type { Utterance } from './speech/speech-engine.ts';
import { parseSsml } from './speech/ssml.ts';
import { spokenPieces, writeSsml } from './speech/ssml-write.ts';
import { characters, spell } from './spelling/spell.ts';

/** The audio that accounts have uploaded. */
export interface AudioFiles {
  /** A file by its path from the account's root; null: the account has none there. Looked up by row, never on a disk. */
  clip(accountId: string, path: string): Promise<Clip | null>;
}

export interface RenderDeps {
  readonly speech: Speech;
  readonly audioFiles: AudioFiles;
  /** Between two characters of a code, ms: long enough to write one down. */
  readonly spellingPauseMs?: number;
}

/** Between two lines, ms: as between two sentences. */
const LINE_PAUSE_MS = 350;
/** The longest pause that a script may ask for, ms. */
const MAX_PAUSE_MS = 10_000;

type About = Parameters<RendersCall>[1];
type Part = 'intro' | 'code' | 'replayPrompt' | 'outro';

/** A line that cannot be played, and why. */
class LineFault extends Error {}

/**
 * Makes the sound of scripts. A code is put together from a clip for each character, so that it is never made, nor kept, as a whole;
 * prompts are kept, and cost next to nothing the next time.
 */
export function callRenderer({ speech, audioFiles, spellingPauseMs = 350 }: RenderDeps): RendersCall {
  const spellingPause = silence(spellingPauseMs);
  const linePause = silence(LINE_PAUSE_MS);

  async function lineClips(line: Line, about: About): Promise<readonly Clip[]> {
    switch (line.kind) {
      case 'text':
        return [said(line.text, await spoken({ kind: 'text', text: line.text }, about, keepOf(line.text, about)))];
      case 'ssml': {
        const parsed = parseSsml(line.ssml);
        if (parsed.kind === 'fault') throw new LineFault(parsed.message);
        const pieces = spokenPieces(parsed.nodes).map((piece) => (piece.kind === 'text' ? piece.text : ' '));
        const words = pieces.join('');
        const ssml = { kind: 'ssml', ssml: writeSsml(parsed.nodes) } as const;
        return [said(words, await spoken(ssml, about, keepOf(words, about)))];
      }
      case 'file':
        return [said(line.path, await stored(line.path, about))];
      case 'code':
        return apart(await (line.from === 'speech' ? spelled(line, about) : spelledFromFiles(about)), spellingPause);
      case 'pause':
        return [silence(Math.max(0, Math.min(MAX_PAUSE_MS, line.ms)))];
      default:
        return line satisfies never;
    }
  }

  async function spoken(utterance: Utterance, { voice }: About, keep: Keep): Promise<Clip> {
    try {
      return await speech.clip(utterance, voice, keep);
    } catch (error) {
      if (error instanceof UnspokenError)
        throw new LineFault(
          `The voice ${voice.name} cannot speak it; write it in the voice's language, or make it shorter.`,
        );
      throw error;
    }
  }

  async function stored(path: string, { accountId }: About): Promise<Clip> {
    const clip = await audioFiles.clip(accountId, path);
    if (clip === null) throw new LineFault(`There is no audio file ${path}; upload it.`);
    return clip;
  }

  async function spelled({ capitals }: Line & { kind: 'code' }, about: About): Promise<readonly Clip[]> {
    const written = characters(about.code.reveal());
    const names = spell(about.code.reveal(), about.voice.locale, capitals);
    const clips = await all(names.map((text) => spoken({ kind: 'text', text }, about, 'disk')));
    return clips.map((clip, i) => said(written[i] ?? '', clip));
  }

  async function spelledFromFiles(about: About): Promise<readonly Clip[]> {
    const paths = characters(about.code.reveal().toLowerCase()).map(
      (character) => `/spelling/${about.voice.locale}/${character}.wav`,
    );
    // In the order of the alphabet, each once: the list of what is missing must not be the code.
    const needed = Array.from(new Set(paths)).sort();
    const clips = new Map<string, Clip>();
    const found = await all(needed.map((path) => audioFiles.clip(about.accountId, path)));
    for (const [i, path] of needed.entries()) {
      const clip = found[i];
      if (clip) clips.set(path, clip);
    }
    const missing = needed.filter((path) => !clips.has(path));
    if (missing.length > 0) throw new LineFault(`There is no audio file ${missing.join(', ')}; upload it.`);
    const written = characters(about.code.reveal());
    return paths.flatMap((path, i) => {
      const clip = clips.get(path);
      return clip ? [said(written[i] ?? '', clip)] : [];
    });
  }

  return async (script, about) => {
    const faults: Fault[] = [];

    /** The clips of one part; what is wrong with its lines goes to `faults`, so that one answer names it all. */
    async function part(name: Part): Promise<readonly Clip[]> {
      const lines = script[name];
      const results = await Promise.allSettled(lines.map((line) => lineClips(line, about)));
      const clips: (readonly Clip[])[] = [];
      for (const [i, result] of results.entries()) {
        if (result.status === 'fulfilled') clips.push(result.value);
        else if (result.reason instanceof LineFault)
          faults.push({ field: fieldOf(name, lines[i]), message: result.reason.message });
        else throw result.reason;
      }
      const spaced = clips.flatMap((line, i) => (i > 0 && !hasPause(lines, i) ? [linePause, ...line] : line));
      // Parts follow each other at once: without it the code would begin on the heels of the prompt before it.
      return spaced.length > 0 && name !== 'outro' ? [...spaced, linePause] : spaced;
    }

    const [intro, code, replayPrompt, outro] = await all([
      part('intro'),
      part('code'),
      part('replayPrompt'),
      part('outro'),
    ]);
    if (faults.length > 0) throw new PassbellError('invalid_request', { faults });
    const { maxReplays, autoReplay } = script;
    return { intro, code, replayPrompt, outro, maxReplays, autoReplay };
  };
}

function fieldOf(part: Part, line: Line | undefined): ScriptField {
  return part === 'code' && line?.kind !== 'code' ? 'codePrompt' : part;
}

/** Whether the script itself asks for a pause before line `i`. */
function hasPause(lines: readonly Line[], i: number): boolean {
  return lines[i]?.kind === 'pause' || lines[i - 1]?.kind === 'pause';
}

/** The clip with what it says: one sound is shared by all who say it in other words. */
function said(words: string, clip: Clip): Clip {
  return { ...clip, words: words.trim() };
}

function apart(clips: readonly Clip[], pause: Clip): readonly Clip[] {
  return clips.flatMap((clip, i) => (i > 0 ? [pause, clip] : [clip]));
}

/** Waits for all of them, and then fails with the first failure: nothing is left running. */
async function all<T extends readonly unknown[]>(
  work: {
    readonly [K in keyof T]: Promise<T[K]>;
  },
): Promise<{ -readonly [K in keyof T]: T[K] }> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as { -readonly [K in keyof T]: T[K] };
}

/** A caller may have written the code into a prompt, however spaced: such a prompt is made and forgotten. */
function keepOf(prompt: string, { code }: About): Keep {
  const written = code.reveal();
  return prompt.includes(written) || (bare(written) !== '' && bare(prompt).includes(bare(written)))
    ? 'nowhere'
    : 'disk';
}

function bare(text: string): string {
  return text.replace(/[\s.,;:_-]/g, '').toLowerCase();
}

/**
 * How long a call speaks when nobody presses a key, seconds: the replays that come unasked, and where none do, the offer of one. What
 * a callee asks to hear again is not counted.
 */
export function spokenSeconds(script: Script<Pick<Clip, 'pcm'>>): number {
  const offered = script.maxReplays > 0 && !script.autoReplay;
  const times = script.autoReplay ? 1 + script.maxReplays : 1;
  const ms =
    lasts(script.intro) + times * lasts(script.code) + (offered ? lasts(script.replayPrompt) : 0) + lasts(script.outro);
  return ms / 1000;
}

function lasts(clips: readonly Pick<Clip, 'pcm'>[]): number {
  return clips.reduce((ms, clip) => ms + clipMs(clip), 0);
}
