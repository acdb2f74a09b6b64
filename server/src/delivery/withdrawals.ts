import { isError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../values/clock.ts';
import { type Rounds, rounds } from '../values/rounds.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { CallJob, SmsJob } from './job.ts';
import type { Lease } from './lease.ts';

/** How often what waits is looked through. */
const LOOK_MS = 1_000;
/** A long queue takes long to look through: the store has this many times as long for everything else. */
const REST = 20;

interface Deps {
  readonly store: Pick<Store, 'verifications'>;
  readonly lease: Pick<Lease, 'node' | 'valid'>;
  readonly messages: Pick<Dispatcher<SmsJob>, 'waiting' | 'withdraw'>;
  readonly calls: Pick<Dispatcher<CallJob>, 'holding' | 'withdraw'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Takes back what waits for an uplink, or between tries, when its code is not checked any more: it was canceled, or entered. A phone that
 * rings for it stops ringing.
 */
export interface Withdrawals extends Rounds {
  look(): Promise<void>;
}

export function withdrawals({ store, lease, messages, calls, clock, log }: Deps): Withdrawals {
  async function look(): Promise<void> {
    // Most of the time nothing waits: a message that is handed over at once is not asked about.
    if (messages.waiting + calls.holding === 0 || !lease.valid()) return;
    const withdrawn = await store.verifications.withdrawn(lease.node);
    if (withdrawn.size === 0) return;
    messages.withdraw(withdrawn);
    calls.withdraw(withdrawn);
  }

  async function round(): Promise<number> {
    const began = clock.elapsed();
    try {
      await look();
    } catch (error) {
      if (!isError(error, 'unavailable')) log.error('withdrawal_failed', {}, error);
    }
    return Math.max(LOOK_MS, REST * (clock.elapsed() - began));
  }

  return { look, ...rounds(clock, round) };
}
