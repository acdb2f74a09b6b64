import type { Processes } from '../processes.ts';
import type { SessionOptions } from './session.ts';
import type { Counts } from './tally.ts';

export interface SmscOptions extends SessionOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** From a message's arrival to its answer, ms; any number of messages wait side by side. */
  readonly latencyMs: number;
  /** Note when each destination's message came. */
  readonly trace: boolean;
}

export type Question = 'counts' | 'arrivals';
export type Answer =
  | { readonly listening: number }
  | { readonly counts: Counts }
  | { readonly arrivals: readonly (readonly [string, number])[] };

/** A running stand-in, as seen from the process that started it. */
export interface Smsc extends AsyncDisposable {
  readonly port: number;
  counts(): Promise<Counts>;
  /** When the first message to each destination came, monotonic µs. */
  arrivals(): Promise<ReadonlyMap<string, number>>;
}

const PROGRAM = new URL('smsc-process.ts', import.meta.url).pathname;

export async function startSmsc(processes: Processes, options: SmscOptions): Promise<Smsc> {
  const child = processes.fork(PROGRAM, [JSON.stringify(options)]);
  const waiting: ((answer: Answer | null) => void)[] = [];
  child.on('message', (answer: Answer) => waiting.shift()?.(answer));
  child.once('exit', () => {
    for (const resolve of waiting.splice(0)) resolve(null);
  });

  // Answers come in the order of the questions; the first message of all says where it listens.
  async function next(question: Question | null): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer | null>();
    waiting.push(resolve);
    if (question) child.send(question);
    const answer = await promise;
    if (!answer) throw new Error('The SMSC stand-in ended before it answered.');
    return answer;
  }

  const first = await next(null);
  if (!('listening' in first)) throw new Error('The SMSC stand-in did not say where it listens.');
  return {
    port: first.listening,
    async counts() {
      const answer = await next('counts');
      if (!('counts' in answer)) throw new Error('The SMSC stand-in gave no counts.');
      return answer.counts;
    },
    async arrivals() {
      const answer = await next('arrivals');
      if (!('arrivals' in answer)) throw new Error('The SMSC stand-in gave no arrivals.');
      return new Map(answer.arrivals);
    },
    [Symbol.asyncDispose]: () => processes.end(child),
  };
}
