/**
 * Failed checks, counted beyond a single verification (NIST SP 800-63B-4 §3.2.2): a new code, a resend or another channel is no new
 * chance to guess. Whoever fails too often is locked until enough of it is a day old.
 */
export const FAILURE_WINDOW_MS = 86_400_000;

/** Failed checks in a day after which a number is locked, for one account. */
export const NUMBER_FAILURES = 20;

/** The same for an end user's address, where the account names it: many may share one. */
export const ADDRESS_FAILURES = 100;

/** A subject that failed checks count against. */
export interface FailureCheck {
  /** Unique within the account. */
  readonly subject: string;
  /** Failed checks in a day that lock it. */
  readonly most: number;
}

/** When it may be tried again, ms since the epoch; null: it is not locked. @param times of failed checks, oldest first */
export function lockedUntil(times: readonly number[], { most }: FailureCheck, now: number): number | null {
  const oldest = times.at(-most);
  if (oldest === undefined) return null;
  const until = oldest + FAILURE_WINDOW_MS;
  return until > now ? until : null;
}

/** The times to keep once another check has failed: those of the last day, and no more than decide. With `most` of them it is locked. */
export function withFailure(times: readonly number[], { most }: FailureCheck, now: number): readonly number[] {
  return [...times.filter((time) => time + FAILURE_WINDOW_MS > now), now].slice(-most);
}
