import { join } from 'node:path';
import type { Log } from '../observe/log.ts';
import type { Clock } from '../values/clock.ts';
import { clipFiles } from './speech/clip-files.ts';
import { clipMemory } from './speech/clip-memory.ts';
import { espeakEngine } from './speech/espeak-engine.ts';
import { piperEngine } from './speech/piper-engine.ts';
import { openSpeech, type Speech } from './speech/speech.ts';

interface Deps {
  /** What was spoken once is kept below it. */
  readonly dataDir: string;
  readonly piperModels: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The voices of this node: Piper for those that have a model, espeak-ng for all the others and in its place. */
export function speechOf({ dataDir, piperModels, clock, log }: Deps): Speech {
  const espeak = espeakEngine({ clock, log });
  const hasModels = Object.keys(piperModels).length > 0;
  const engines = hasModels ? [piperEngine({ models: piperModels, clock, log }), espeak] : [espeak];
  const files = clipFiles({ dir: join(dataDir, 'speech'), clock, log });
  return openSpeech({ engines, memory: clipMemory(), files, clock, log });
}
