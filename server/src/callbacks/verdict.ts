import type { Random } from '../values/random.ts';
import type { CallbackNext } from './callback.ts';
import type { CallbackAnswer } from './guarded-fetch.ts';
import type { Taken } from './lanes.ts';
import { retryAfterMs } from './retry-after.ts';
import { nextTry } from './retry-schedule.ts';

/** A receiver that takes longer than this for a callback is a slow one. */
const SLOW_MS = 3_000;
/** 429 with no word of how long. */
const BREATH_MS = 1_000;
/** The rest of a receiver's callbacks wait so long at the most, in memory. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * What follows from an answer (Standard Webhooks 1.0, "Delivery success and failure"): 2xx is a success, 410 wants no more, everything
 * else is a failure, redirects included.
 *
 * @param attempts tries so far, this one included
 */
export function verdictOn(answer: CallbackAnswer, attempts: number, now: number, random: Random): CallbackNext {
  const status = statusOf(answer);
  if (status !== null && status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'disabled' };
  const wait = answer.kind === 'answered' ? retryAfterMs(answer.retryAfter, now) : null;
  const dueAt = nextTry(attempts, now, wait, random);
  return dueAt === null ? { kind: 'given_up' } : { kind: 'retry', dueAt };
}

export function statusOf(answer: CallbackAnswer): number | null {
  return answer.kind === 'answered' ? answer.status : null;
}

/** How the receiver bore it. @param tookMs from the start of the try to the end of the answer. */
export function takenOf(answer: CallbackAnswer, tookMs: number, now: number): Taken {
  const slow = tookMs > SLOW_MS;
  if (answer.kind === 'failed') return { strained: slow || holdsUp(answer.reason), tookMs, pauseMs: 0 };
  switch (answer.status) {
    case 429:
      return { strained: true, tookMs, pauseMs: pauseOf(answer.retryAfter, now) ?? BREATH_MS };
    case 503:
      return { strained: true, tookMs, pauseMs: pauseOf(answer.retryAfter, now) ?? 0 };
    case 502:
    case 504:
      return { strained: true, tookMs, pauseMs: 0 };
    default:
      return { strained: slow, tookMs, pauseMs: 0 };
  }
}

function holdsUp(reason: Extract<CallbackAnswer, { kind: 'failed' }>['reason']): boolean {
  return reason === 'timeout' || reason === 'unreachable' || reason === 'broken';
}

function pauseOf(retryAfter: string | null, now: number): number | null {
  const wait = retryAfterMs(retryAfter, now);
  return wait === null ? null : Math.min(wait, LONGEST_PAUSE_MS);
}
