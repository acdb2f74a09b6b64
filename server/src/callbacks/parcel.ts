import type { Clock } from '../values/clock.ts';
import type { Secret } from '../values/secret.ts';
import type { CallbackRow } from './callback.ts';
import type { CallbackUrl } from './callback-url.ts';

/**
 * How long what was read for a callback holds. A lane may keep it for minutes, and what it tells may be erased meanwhile, or its receiver
 * moved or removed. What other nodes change is known here after as long at the soonest.
 */
const FRESH_MS = 1_000;

/** A callback that waits for its turn. */
export interface Parcel {
  readonly row: CallbackRow;
  readonly url: CallbackUrl;
  readonly body: string;
  readonly secrets: readonly Secret[];
  /** When it was read what goes where, on the clock that nothing adjusts. */
  readonly readAt: number;
}

export function isFresh({ readAt }: Parcel, clock: Pick<Clock, 'elapsed'>): boolean {
  return clock.elapsed() - readAt < FRESH_MS;
}
