import type { CallRecord } from '../rules/call-record.ts';
import type { AttemptPart, OutcomeNext } from '../rules/outcome.ts';
import type { CallEnd } from '../voice/calls/call-engine.ts';
import type { CallResult } from '../voice/conversation.ts';
import type { CallJob } from './job.ts';
import { againElsewhere, againLater, final, MAX_DOUBTS, RETRY_WAITS_MS } from './retries.ts';

/**
 * What follows from the end of a call; notes on the job what the next try must know. Only a call that never rang is tried again: a callee
 * who did not pick up, or said no, is not rung twice for one code.
 *
 * @param all names of the trunks that serve the job's mode, the tried one included
 */
export function planCall(job: CallJob, trunk: string, all: readonly string[], end: CallEnd, now: number): OutcomeNext {
  job.tries += 1;
  job.triedNow.add(trunk);
  switch (end.outcome) {
    case 'completed':
      return final('delivered', null);
    case 'cancelled':
      return final('undelivered', 'call_unanswered');
    case 'rejected':
      return final('undelivered', 'call_rejected');
    case 'failed':
      return afterFailure(job, all, end, now);
    default:
      return end.outcome satisfies never;
  }
}

function afterFailure(job: CallJob, all: readonly string[], end: CallEnd, now: number): OutcomeNext {
  if (end.retry === 'never') return final('failed', 'call_failed');
  if (end.retry === 'unknown') {
    job.doubts += 1;
    if (job.doubts >= MAX_DOUBTS) return final('failed', 'outcome_unknown');
  }
  const elsewhere = againElsewhere(job, all, now);
  if (elsewhere) return elsewhere;
  // Who asked for a call waits by the phone: after one pass through the waits, no call is better than a late one.
  return job.waits >= RETRY_WAITS_MS.length ? final('failed', 'call_failed') : againLater(job, now, 'call_failed');
}

/** The try as a row of `attempts`: a call is one part. */
export function callAttempt({ outcome, retry, sipStatus }: CallEnd): AttemptPart {
  const refused = outcome === 'failed' ? (retry === 'unknown' ? 'unknown' : 'refused') : 'accepted';
  return { part: 1, outcome: refused, code: sipStatus, messageId: null };
}

/** What is known once the call has ended. */
export function recordOf({ ringingAt, answeredAt, endedAt, replays, end }: CallResult): CallRecord {
  const { outcome, sipStatus, reason, cause } = end;
  return { ringingAt, answeredAt, endedAt, outcome, sipStatus, sipReason: reason, cause, replays };
}

/** What is known of a call that was answered just now. */
export function answeredRecord(ringingAt: number | null, answeredAt: number): CallRecord {
  return {
    ...{ ringingAt, answeredAt, endedAt: null, outcome: null },
    ...{ sipStatus: null, sipReason: '', cause: null, replays: 0 },
  };
}
