import type { FinalState, OutcomeNext, Reason } from '../rules/outcome.ts';
import type { Job } from './job.ts';

/** Waits between rounds over all uplinks: a code lives minutes, so fast first; the last one repeats while the code lives. */
export const RETRY_WAITS_MS: readonly number[] = [2_000, 5_000, 10_000];

/** How often a delivery may be in doubt: one lost answer is tried again, a second one is not. */
export const MAX_DOUBTS = 2;

/** Another uplink at once, where one is left that was neither tried in this round nor refused for good. */
export function againElsewhere(job: Job, all: readonly string[], now: number): OutcomeNext | undefined {
  const fresh = all.some((name) => !job.triedNow.has(name) && !job.refusedBy.has(name));
  return fresh ? { kind: 'retry', dueAt: now } : undefined;
}

/** All of them again, after the next wait; the end, when the code is dead by then. */
export function againLater(job: Job, now: number, reason: Reason): OutcomeNext {
  const wait = RETRY_WAITS_MS[Math.min(job.waits, RETRY_WAITS_MS.length - 1)] ?? 0;
  if (now + wait >= job.expiresAt) return final('failed', reason);
  job.waits += 1;
  job.triedNow.clear();
  return { kind: 'retry', dueAt: now + wait };
}

export function final(state: FinalState, reason: Reason | null): OutcomeNext {
  return { kind: 'final', state, reason };
}
