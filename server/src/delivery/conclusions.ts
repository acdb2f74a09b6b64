import type { Log } from '../observe/log.ts';
import type { CallRecord } from '../rules/call-record.ts';
import type { Outcome, OutcomeNext } from '../rules/outcome.ts';
import type { SettleVerdict } from '../rules/settle.ts';
import type { Clock } from '../values/clock.ts';
import type { Job } from './job.ts';
import type { Settlement } from './settlement.ts';

/** What is said of a job: how a try ended, and what comes next. */
export interface Conclusion {
  readonly attempt: Outcome['attempt'];
  readonly call?: CallRecord;
  readonly next: OutcomeNext;
}

/** Where dispatchers have it written down what became of their jobs. */
export interface Conclusions {
  /** Saves it; resolves after the commit. */
  save(job: Job, conclusion: Conclusion): Promise<SettleVerdict>;
  /** Saves how a try ended. Resolves after the commit to when to try again, ms from then; null: it has ended, or is another node's. */
  after(job: Job, conclusion: Conclusion): Promise<number | null>;
  /** Saves the last word on a job, and says it in the log where it is a bad one; resolves after the commit. */
  end(job: Job, conclusion: Conclusion): Promise<void>;
}

interface Deps {
  readonly settlement: Pick<Settlement, 'outcome'>;
  readonly clock: Clock;
  readonly log: Log;
}

export function conclusions({ settlement, clock, log }: Deps): Conclusions {
  const save: Conclusions['save'] = ({ accountId, deliveryId, node }, conclusion) =>
    settlement.outcome({ accountId, deliveryId, node, at: clock.now(), ...conclusion });

  async function end(job: Job, conclusion: Conclusion): Promise<void> {
    const { next } = conclusion;
    const verdict = await save(job, conclusion);
    if (verdict.kind !== 'applied') log.warn('outcome_stale', { delivery: job.deliveryId, node: job.node });
    else if (next.kind === 'final' && next.state !== 'sent' && next.state !== 'delivered') {
      const { state, reason } = next;
      log.warn('delivery_failed', { delivery: job.deliveryId, state, reason, tries: job.tries });
    }
  }

  return {
    save,
    async after(job, conclusion) {
      const { next } = conclusion;
      if (next.kind !== 'retry') {
        await end(job, conclusion);
        return null;
      }
      // The next try must not leave before this one is written down: after a crash it would be made once more.
      const verdict = await save(job, conclusion);
      return verdict.kind === 'applied' ? next.dueAt - clock.now() : null;
    },
    end,
  };
}
