import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../store/open.ts';
import { type Clock, systemClock } from '../values/clock.ts';
import { type Random, systemRandom } from '../values/random.ts';

/** The outside, as a command sees it. */
export interface Shell {
  /** Writes to standard output: what was asked for, and nothing else. */
  readonly out: (text: string) => void;
  /** The same for what is no text; null where it would end on a terminal. */
  readonly outBytes: ((bytes: Uint8Array) => void) | null;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** All of standard input. */
  readonly input: () => Promise<string>;
  readonly env: NodeJS.ProcessEnv;
  readonly fetch: typeof globalThis.fetch;
  readonly openStore: typeof openStore;
  readonly clock: Clock;
  readonly random: Random;
  /** Unlike a timer of the clock, this keeps the process alive. Rejects when `signal` ends it. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Ends commands that run until they are told to stop. */
  readonly signal: AbortSignal;
}

/** This process's own. Ctrl-C ends the process as it is, so its signal never comes. */
export function systemShell(): Shell {
  return {
    out: (text) => process.stdout.write(text),
    outBytes: process.stdout.isTTY ? null : (bytes) => process.stdout.write(bytes),
    err: (text) => process.stderr.write(text),
    input: readInput,
    env: process.env,
    fetch: globalThis.fetch,
    openStore,
    clock: systemClock,
    random: systemRandom(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    signal: new AbortController().signal,
  };
}

async function readInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
}
