import type { Log } from '../observe/log.ts';
import type { CallbackDue } from '../rules/callback.ts';
import type { Outcome, Receipt } from '../rules/outcome.ts';
import type { SettleVerdict } from '../rules/settle.ts';
import { groupCommit } from '../store/group-commit.ts';
import type { Store } from '../store/store.ts';
import { untilReachable } from '../store/until-reachable.ts';
import type { Clock } from '../values/clock.ts';
import type { Lease } from './lease.ts';

/** Where what became of messages and calls is written down, many at a time. */
export interface Settlement {
  /**
   * Saves the outcome of a try, however long the store takes to come back: an outcome that is forgotten would be a message sent
   * again.
   */
  outcome(outcome: Outcome): Promise<SettleVerdict>;
  /** Saves receipts, or rejects: a carrier then delivers them again. */
  receipts(receipts: readonly Receipt[]): Promise<void>;
  /** Outcomes and receipts not yet saved. */
  readonly waiting: number;
  drain(): Promise<void>;
}

type Entry = { readonly outcome: Outcome } | { readonly receipt: Receipt };

interface Deps {
  readonly store: Pick<Store, 'settle'>;
  readonly lease: Pick<Lease, 'node'>;
  /** Told of callbacks that a commit made due, as this node's to send. */
  readonly onCallbacks: (due: readonly CallbackDue[], node: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

export function settlement({ store, lease, onCallbacks, clock, log }: Deps): Settlement {
  const lane = groupCommit<Entry, SettleVerdict>(async (batch) => {
    const { node } = lease;
    const verdicts = await save(store, batch, node, clock.now());
    const due = verdicts.flatMap((verdict) => (verdict.kind === 'applied' && verdict.callback) || []);
    if (due.length > 0) onCallbacks(due, node);
    return verdicts;
  });
  let retrying = 0;

  async function outcome(one: Outcome): Promise<SettleVerdict> {
    try {
      return await untilReachable(
        () => lane.add({ outcome: one }),
        clock,
        (begins) => {
          retrying += begins ? 1 : -1;
        },
      );
    } catch (error) {
      log.error('outcome_lost', { delivery: one.deliveryId }, error);
      return { kind: 'stale' };
    }
  }

  return {
    outcome,
    async receipts(receipts) {
      await Promise.all(receipts.map((receipt) => lane.add({ receipt })));
    },
    get waiting() {
      return lane.waiting + retrying;
    },
    drain: () => lane.drain(),
  };
}

/** The store takes outcomes before receipts; the verdicts are put back into the order of arrival. */
async function save(
  store: Pick<Store, 'settle'>,
  batch: readonly Entry[],
  node: string,
  now: number,
): Promise<SettleVerdict[]> {
  const outcomes: Outcome[] = [];
  const receipts: Receipt[] = [];
  for (const entry of batch) {
    if ('outcome' in entry) outcomes.push(entry.outcome);
    else receipts.push(entry.receipt);
  }
  const verdicts = await store.settle(outcomes, receipts, node, now);
  let nextOutcome = 0;
  let nextReceipt = outcomes.length;
  return batch.map((entry) => verdicts['outcome' in entry ? nextOutcome++ : nextReceipt++] ?? { kind: 'stale' });
}
