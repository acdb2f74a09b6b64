import { Worker } from 'node:worker_threads';
import { turnstile } from '../../values/turnstile.ts';
import type { ConvertsWav, StoredSound } from './convert-wav.ts';
import type { WavLimits } from './read-wav.ts';

/** Each has a core to itself meanwhile, and the sound of calls needs some too. */
const AT_ONCE = 2;
/** Each holds its file in memory. */
const MOST_WAITING = 32;

// Source in development, compiled in the package: the thread's file has the ending of this one.
const THREAD_FILE = new URL(import.meta.url.endsWith('.ts') ? './wav-thread.ts' : './wav-thread.js', import.meta.url);

/**
 * Converts on threads of its own, one for each file: a minute of sound takes 10 to 400 ms, as long as all calls and requests would wait.
 * Rejects with `unavailable` when too many wait already.
 */
export function wavConverter(): ConvertsWav {
  const inTurn = turnstile(AT_ONCE, MOST_WAITING);
  return (wav, limits) => inTurn(() => convertOnThread(wav, limits));
}

function convertOnThread(bytes: Uint8Array, limits: WavLimits): Promise<StoredSound | string> {
  // A copy, given away: the file may stand in a pool of buffers, all of which would be sent along.
  const wav = new Uint8Array(bytes);
  return new Promise((resolve, reject) => {
    const worker = new Worker(THREAD_FILE, {
      name: 'wav',
      workerData: { wav, limits },
      transferList: [wav.buffer],
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread that converts sound ended')));
  });
}
