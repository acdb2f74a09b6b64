import { createRequire } from 'node:module';
import { PassbellError } from '../../errors.ts';
import type { Log } from '../../observe/log.ts';
import type { SpeechEngine } from './speech-engine.ts';

const require = createRequire(import.meta.url);

/** Where an optional package's entry is; null when it was not installed. */
export function packagePath(name: string): string | null {
  try {
    return require.resolve(name);
  } catch {
    return null;
  }
}

/** What stands in for an engine whose package is not there: it speaks no voice, and says why when it is asked all the same. */
export function missingEngine(name: string, packageName: string, log: Log): SpeechEngine {
  log.error('speech_engine_missing', { engine: name, cure: `npm install ${packageName}` });
  return {
    name,
    speaks: () => false,
    say: () => Promise.reject(new PassbellError('unavailable', { reason: 'speech' })),
    close: () => Promise.resolve(),
  };
}
