import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../observe/log.ts';
import type { Clock } from '../../values/clock.ts';
import { espeakVoice } from '../voices.ts';
import type { EspeakRequest } from './child/espeak.ts';
import { type SpeechChildLimits, speechChild } from './child/speech-child.ts';
import { escapeText } from './markup.ts';
import { missingEngine, packagePath } from './package-path.ts';
import type { SpeechEngine } from './speech-engine.ts';

const PACKAGE = '@echogarden/espeak-ng-emscripten';

/**
 * espeak-ng: the one engine with every language of `voices.ts`. It is under the GPL and reads what strangers wrote, so it lives in a
 * process of its own that may read itself and nothing else: no other file, no network of ours, no shell, no environment.
 */
export function espeakEngine({
  clock,
  log,
  limits = {},
}: {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<SpeechChildLimits>;
}): SpeechEngine {
  const path = packagePath(PACKAGE);
  if (path === null) return missingEngine('espeak-ng', PACKAGE, log);
  const child = speechChild<EspeakRequest>({
    name: 'espeak-ng',
    script: new URL('./child/espeak.ts', import.meta.url),
    args: [path],
    execArgv: [
      '--permission',
      `--allow-fs-read=${dirname(path)}/`,
      `--allow-fs-read=${fileURLToPath(new URL('../', import.meta.url))}`,
      '--max-old-space-size=256',
    ],
    clock,
    log,
    limits,
  });

  return {
    name: 'espeak-ng',
    speaks: (voice) => espeakVoice(voice.name) !== null,
    async say(utterance, voice, signal) {
      const parameters = espeakVoice(voice.name);
      if (parameters === null) throw new Error(`espeak-ng has no voice for ${voice.name}`);
      const markup = utterance.kind === 'ssml' ? utterance.ssml : escapeText(utterance.text);
      return await child.say({ markup, ...parameters }, signal);
    },
    close: () => child.close(),
  };
}
