import { parentPort, workerData } from 'node:worker_threads';
import { convertWav } from './convert-wav.ts';
import type { WavLimits } from './read-wav.ts';

// The whole life of a thread: one file.
const { wav, limits } = workerData as { readonly wav: Uint8Array; readonly limits: WavLimits };
parentPort?.postMessage(convertWav(wav, limits));
