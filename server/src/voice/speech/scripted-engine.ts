import { PassbellError } from '../../errors.ts';
import type { Pcm, SpeechEngine, Utterance, Voice } from './speech-engine.ts';

/** An engine for tests: a tone a tenth of a second long for each character, and a note of what it was asked. */
export interface ScriptedEngine extends SpeechEngine {
  readonly said: string[];
  /** What it does instead of speaking, while set. */
  trouble: (() => Pcm | Promise<Pcm>) | null;
}

export function scriptedEngine(name: string, speaks: (voice: Voice) => boolean = () => true): ScriptedEngine {
  const said: string[] = [];
  let closed = false;

  function tone(utterance: Utterance): Pcm {
    const words = utterance.kind === 'ssml' ? utterance.ssml : utterance.text;
    const samples = Int16Array.from(
      { length: 1600 * words.length },
      (_, i) => 9000 * Math.sin((2 * Math.PI * 440 * i) / 16_000),
    );
    return { samples, rate: 16_000 };
  }

  const engine: ScriptedEngine = {
    name,
    said,
    trouble: null,
    speaks,
    async say(utterance, _, signal) {
      signal.throwIfAborted();
      if (closed) throw new PassbellError('unavailable', { reason: 'speech' });
      said.push(utterance.kind === 'ssml' ? utterance.ssml : utterance.text);
      return engine.trouble ? await engine.trouble() : tone(utterance);
    },
    async close() {
      closed = true;
    },
  };
  return engine;
}
