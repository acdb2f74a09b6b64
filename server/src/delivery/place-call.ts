import type { Clock } from '../values/clock.ts';
import type { CallEngine } from '../voice/calls/call-engine.ts';
import { converse } from '../voice/conversation.ts';
import type { Conclusions } from './conclusions.ts';
import type { Attempt } from './dispatcher.ts';
import type { CallJob } from './job.ts';
import { answeredRecord, callAttempt, planCall, recordOf } from './plan-call.ts';
import { final } from './retries.ts';

/**
 * How long after its first failure a call is still tried: whoever asked for it waits by the phone, and no call is better than a late
 * one. A trunk that is out may be out for longer than all the waits between tries.
 */
const PATIENCE_MS = 30_000;
/** How long after its longest possible end a call of which nothing more was heard counts as lost. */
const LOST_AFTER_MS = 60_000;

interface Deps {
  readonly conclusions: Conclusions;
  readonly clock: Clock;
}

/**
 * One try of a call through a trunk: dials, plays, and writes down the answer while the call goes on, so that a node that dies in the
 * middle of it leaves a call that was answered, not one that is dialled again.
 */
export function placeCall({ conclusions, clock }: Deps): Attempt<CallJob, CallEngine> {
  return (job, engine, all) => {
    const hangUp = new AbortController();
    const { plan, script } = job;
    const attemptWith = (part: ReturnType<typeof callAttempt>) => ({
      n: job.tries + 1,
      carrier: engine.name,
      parts: [part],
    });
    let answer: Promise<unknown> | null = null;
    let withdrawn = false;

    const ended = converse({
      ...{ engine, plan, script, clock, signal: hangUp.signal },
      onAnswered(ringingAt, answeredAt) {
        const saved = conclusions.save(job, {
          attempt: attemptWith({ part: 1, outcome: 'accepted', code: null, messageId: null }),
          call: answeredRecord(ringingAt, answeredAt),
          next: { kind: 'in_call', until: answeredAt + plan.talkMs + LOST_AFTER_MS },
        });
        answer = saved.then((verdict) => {
          // Another node has it and rings as well: one code, one call.
          if (verdict.kind !== 'applied') hangUp.abort();
        });
      },
    });

    const again = ended.then(async (result): Promise<number | null> => {
      // In order: an answer that is written after the end would find the call ended, and be lost with its try.
      await answer;
      const attempt = answer === null ? attemptWith(callAttempt(result.end)) : null;
      const planned = planCall(job, engine.name, all, result.end, clock.now());
      // Who was not given the time to answer did not leave it unanswered.
      const next = withdrawn && result.end.outcome === 'cancelled' ? final('expired', 'code_expired') : planned;
      const call = recordOf(result);
      if (next.kind !== 'retry') return conclusions.after(job, { attempt, call, next });
      job.expiresAt = Math.min(job.expiresAt, clock.now() + PATIENCE_MS);
      job.ifLate = { attempt: null, call, next: final('failed', 'call_failed') };
      // The call's record stays as it is: the call has not ended.
      return conclusions.after(job, { attempt, next });
    });
    // A stop waits for the last word as well: it may come after the answer's commit, when nothing else waits for one any more.
    return {
      away: again,
      again,
      withdraw() {
        if (answer !== null) return;
        withdrawn = true;
        hangUp.abort();
      },
    };
  };
}
