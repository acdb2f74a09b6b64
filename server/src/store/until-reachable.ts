import { isError } from '../errors.ts';
import type { Clock } from '../values/clock.ts';

/** How soon an unreachable store is asked again. */
const STORE_RETRY_MS = 250;

/**
 * Asks a store until it can be reached, for what must not be forgotten. Rejects as `ask` does for any other reason.
 * @param resting told `true` when a wait begins, and `false` when it is over
 */
export async function untilReachable<T>(
  ask: () => Promise<T>,
  clock: Pick<Clock, 'after'>,
  resting: (begins: boolean) => void = () => {},
): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isError(error, 'unavailable')) throw error;
      resting(true);
      await new Promise<void>((resolve) => clock.after(STORE_RETRY_MS, resolve));
      resting(false);
    }
  }
}
