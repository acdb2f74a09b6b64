import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../observe/log.ts';
import type { Clock } from '../../values/clock.ts';
import { voiceNamed } from '../voices.ts';
import type { PiperRequest } from './child/piper.ts';
import { type SpeechChildLimits, speechChild } from './child/speech-child.ts';
import { missingEngine, packagePath } from './package-path.ts';
import { findPiperModel, type PiperModel } from './piper-model.ts';
import type { Pcm, SpeechEngine, Utterance } from './speech-engine.ts';
import { parseSsml } from './ssml.ts';
import { type Piece, spokenPieces } from './ssml-write.ts';

const PACKAGE = 'sherpa-onnx-node';

/**
 * Piper's neural voices, through sherpa-onnx: better to listen to than espeak-ng, for voices that the operator has a model of. In a
 * process of its own, for a native library that does not like its input ends the process it is in.
 * @param models paths of models by the name of a voice in `voices.ts`. One that cannot be used is logged, and its voice not spoken.
 */
export function piperEngine({
  models,
  clock,
  log,
  limits = {},
}: {
  readonly models: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<SpeechChildLimits>;
}): SpeechEngine {
  const path = packagePath(PACKAGE);
  if (path === null) return missingEngine('piper', PACKAGE, log);
  const usable = new Map<string, PiperModel>();
  for (const [voice, place] of Object.entries(models)) {
    const found = voiceNamed(voice) === null ? 'there is no such voice' : findPiperModel(place);
    if (typeof found === 'string') log.error('piper_model_unusable', { voice, trouble: found });
    else usable.set(voice, found);
  }
  const readable = [
    // Beside it stands the library for this platform.
    dirname(dirname(path)),
    fileURLToPath(new URL('../', import.meta.url)),
    ...Array.from(usable.values(), ({ folder }) => folder),
  ];
  const child = speechChild<PiperRequest>({
    name: 'piper',
    script: new URL('./child/piper.ts', import.meta.url),
    args: [path],
    execArgv: [
      '--permission',
      '--allow-addons',
      ...readable.map((place) => `--allow-fs-read=${place.replace(/\/?$/, '/')}`),
    ],
    clock,
    log,
    // A model is loaded by the first utterance of its voice, and neural voices are ten times slower than espeak-ng.
    limits: { sayMs: 30_000, ...limits },
  });

  return {
    name: 'piper',
    speaks: (voice) => usable.has(voice.name),
    async say(utterance, voice, signal) {
      const model = usable.get(voice.name);
      if (!model) throw new Error(`piper has no model for ${voice.name}`);
      const said: (Pcm | number)[] = [];
      for (const piece of piecesOf(utterance))
        said.push(piece.kind === 'silence' ? piece.ms : await child.say({ text: piece.text, model }, signal));
      return joined(said);
    },
    close: () => child.close(),
  };
}

/** Piper knows no markup: it gets the words, and the breaks become silence. */
function piecesOf(utterance: Utterance): readonly Piece[] {
  if (utterance.kind === 'text') return [{ kind: 'text', text: utterance.text }];
  const parsed = parseSsml(utterance.ssml, Number.POSITIVE_INFINITY);
  if (parsed.kind === 'fault') throw new Error('piper was given markup that is not ours');
  return spokenPieces(parsed.nodes).filter((piece) => piece.kind === 'silence' || piece.text.trim() !== '');
}

/** One model has one rate. @param parts sound, or milliseconds of silence. */
function joined(parts: readonly (Pcm | number)[]): Pcm {
  const rate = parts.find((part) => typeof part !== 'number')?.rate ?? 22_050;
  const length = (part: Pcm | number): number =>
    typeof part === 'number' ? Math.round((part * rate) / 1000) : part.samples.length;
  const samples = new Int16Array(parts.reduce<number>((sum, part) => sum + length(part), 0));
  let at = 0;
  for (const part of parts) {
    if (typeof part !== 'number') samples.set(part.samples, at);
    at += length(part);
  }
  return { samples, rate };
}
