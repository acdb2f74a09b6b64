import { Worker } from 'node:worker_threads';
import { PassbellError } from '../../errors.ts';
import type { AnswerMessage, CallName, Calls, ThreadData } from './calls.ts';
import { errorOf } from './faults.ts';

/** A thread that owns one connection. Calls are answered in the order they were made. */
export interface EngineThread {
  call<N extends CallName>(name: N, ...args: Parameters<Calls[N]>): Promise<ReturnType<Calls[N]>>;
  /** Calls not answered yet. */
  readonly waiting: number;
  /** Ends the thread after the calls made so far. */
  close(): Promise<void>;
}

interface Waiter {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

// Source in development, compiled in the package: the thread's file has the ending of this one.
const THREAD_FILE = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

/** Starts a thread; resolves once its database is open, rejects with what stood in the way. */
export async function startThread(data: ThreadData): Promise<EngineThread> {
  const worker = new Worker(THREAD_FILE, { workerData: data, name: `store ${data.role}` });
  const waiting = new Map<number, Waiter>();
  let lastId = 0;
  let end: Error | undefined;

  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      fail(new Error(`the store's ${data.role} thread ended`));
      resolve();
    });
  });

  function fail(cause: Error): void {
    end ??= new PassbellError('unavailable', { reason: 'store' }, { cause });
    for (const { reject } of waiting.values()) reject(end);
    waiting.clear();
  }

  worker.on('error', fail);
  worker.on('message', (answers: readonly AnswerMessage[]) => {
    for (const message of answers) {
      const waiter = waiting.get(message.id);
      waiting.delete(message.id);
      if ('fault' in message)
        waiter?.reject(message.id === 0 ? new Error(message.fault.message) : errorOf(message.fault));
      else waiter?.resolve(message.answer);
    }
  });

  await new Promise((resolve, reject) => waiting.set(0, { resolve, reject }));

  return {
    get waiting() {
      return waiting.size;
    },
    call(name, ...args) {
      return new Promise((resolve, reject) => {
        if (end) return reject(end);
        lastId += 1;
        waiting.set(lastId, { resolve: resolve as Waiter['resolve'], reject });
        worker.postMessage({ id: lastId, name, args });
      });
    },
    async close() {
      worker.postMessage('close');
      await ended;
    },
  };
}

/** A list that counts millions of rows takes seconds: the next query goes to another reader. */
export function leastBusy(readers: readonly EngineThread[]): EngineThread | undefined {
  return readers.toSorted((a, b) => a.waiting - b.waiting)[0];
}
