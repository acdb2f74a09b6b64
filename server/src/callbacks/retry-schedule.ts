import type { Random } from '../values/random.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits after a failed try, the first try being made at once: the table of Standard Webhooks 1.0. Ten tries in 76 hours. */
export const WAITS_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/**
 * When a failed callback is tried again; null: never, that was the last try. `Retry-After` only ever postpones: a receiver may ask for
 * time, but not for a storm.
 *
 * @param attempts tries so far, ≥ 1
 * @param retryAfter what the receiver asked for, ms; null: nothing
 */
export function nextTry(attempts: number, now: number, retryAfter: number | null, random: Random): number | null {
  const wait = WAITS_MS[attempts - 1];
  return wait === undefined ? null : now + Math.max(jittered(wait, random), retryAfter ?? 0);
}

/** ± 10 %: what failed together does not come back together. */
export function jittered(wait: number, random: Random): number {
  const tenth = Math.floor(wait / 10);
  return wait - tenth + random.below(2 * tenth + 1);
}
