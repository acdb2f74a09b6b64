import { PassbellError } from '../errors.ts';

/** Runs jobs, a few at once. Rejects with `unavailable` when too many wait already, else as the job does. */
export type Turnstile = <T>(job: () => Promise<T>) => Promise<T>;

/** Runs at most `atOnce` jobs, in order of arrival; refuses at the door when `mostWaiting` wait. */
export function turnstile(atOnce: number, mostWaiting: number): Turnstile {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (job) => {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) throw new PassbellError('unavailable', { reason: 'overloaded' });
      // The place is handed over by the one who leaves: `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
