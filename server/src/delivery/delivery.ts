import { PassbellError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { AcceptRequest, AcceptVerdict } from '../rules/accept.ts';
import type { OutboundSms } from '../sms/carrier.ts';
import { groupCommit } from '../store/group-commit.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import type { Random } from '../values/random.ts';
import type { Vault } from '../vault/vault.ts';
import { type Dispatcher, dispatcher } from './dispatcher.ts';
import { newJob } from './job.ts';
import { nodeLease } from './lease.ts';
import { recovery } from './recovery.ts';
import { settlement } from './settlement.ts';
import type { Uplinks } from './uplinks.ts';

/** Messages in memory that wait for a carrier: past this a node takes no more, for their codes would die in the queue. */
const MAX_QUEUED = 50_000;
/** Requests that wait for a commit: past this the store does not keep up. */
const MAX_UNCOMMITTED = 20_000;

/** So many requests are worth a commit of their own: fewer cost too many syncs, more leave the store idle while this thread reads. */
const EAGER_AT = 32;

/** How messages leave: accepted in a shared commit, handed to a carrier from memory, settled in a shared commit. */
export interface Delivery {
  /** Commits the request, then sends. The verdict comes after the commit. Rejects with `unavailable`; nothing is then accepted. */
  submit(request: AcceptRequest, sms: OutboundSms): Promise<AcceptVerdict>;
  readonly node: string;
  readonly load: {
    readonly uncommitted: number;
    readonly queued: number;
    readonly holding: number;
    readonly unsettled: number;
  };
  start(): Promise<void>;
  /** Takes no more, commits what was asked, waits for what carriers have, and leaves the rest to other nodes. */
  drain(graceMs: number): Promise<void>;
}

interface Deps {
  readonly store: Store;
  readonly vault: Vault;
  readonly uplinks: Uplinks;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly log: Log;
}

/** A verdict, and the lease under which its rows were written. */
interface Accepted {
  readonly verdict: AcceptVerdict;
  readonly node: string;
}

export function delivery(deps: Deps): Delivery {
  const { store, uplinks, clock, log } = deps;
  const lease = nodeLease(deps);
  const settled = settlement(deps);
  const sender: Dispatcher = dispatcher({ routes: uplinks, settlement: settled, lease, clock, log });
  const rescue = recovery({ ...deps, lease, dispatcher: sender, settlement: settled });
  let taking = false;

  // The rows are written as this node's: a crash between commit and send leaves them to be claimed.
  const lane = groupCommit<AcceptRequest, Accepted>(
    async (batch) => {
      const { node } = lease;
      const verdicts = await store.accept(batch, node, clock.now());
      return verdicts.map((verdict) => ({ verdict, node }));
    },
    { eagerAt: EAGER_AT },
  );

  async function commit(request: AcceptRequest): Promise<Accepted> {
    const { node } = lease;
    try {
      return await lane.add(request);
    } catch (error) {
      // The caller is told that nothing was accepted, but the commit may have reached the disk before its answer was lost:
      // whatever stands there is ended, and its hold released. A row that is not there makes this a no-op.
      const { accountId, deliveryId } = request;
      const next = { kind: 'final', state: 'failed', reason: 'store_lost' } as const;
      void settled.outcome({ accountId, deliveryId, node, at: clock.now(), attempt: null, next });
      throw error;
    }
  }

  async function accept(request: AcceptRequest, sms: OutboundSms): Promise<AcceptVerdict> {
    const { verdict, node } = await commit(request);
    if (verdict.accepted && verdict.fresh) {
      const { accountId, deliveryId, mode } = request;
      sender.take(newJob({ accountId, deliveryId, mode, node, sms }));
    }
    return verdict;
  }

  uplinks.onFree(() => sender.pump());
  uplinks.onReceipts((carrier, receipts) => settled.receipts(receipts.map((receipt) => ({ carrier, ...receipt }))));

  return {
    submit(request, sms) {
      if (!taking) return Promise.reject(new PassbellError('unavailable', { reason: 'draining' }));
      // Without a lease this node may not send: what it accepted would wait for another.
      if (!lease.valid()) return Promise.reject(new PassbellError('unavailable', { reason: 'store' }));
      if (sender.queued > MAX_QUEUED || lane.waiting > MAX_UNCOMMITTED) {
        return Promise.reject(new PassbellError('unavailable', { reason: 'overloaded' }));
      }
      return accept(request, sms);
    },
    get node() {
      return lease.node;
    },
    get load() {
      const { queued, holding } = sender;
      return { uncommitted: lane.waiting, queued, holding, unsettled: settled.waiting };
    },
    async start() {
      await lease.start();
      rescue.start();
      taking = true;
    },
    async drain(graceMs) {
      taking = false;
      rescue.stop();
      await lane.drain();
      await within(graceMs, sender.drain(), clock);
      await uplinks.close(graceMs);
      await settled.drain();
      await lease.stop();
    },
  };
}

/** Waits for `work`, at most `ms`. */
function within(ms: number, work: Promise<void>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, resolve);
    void work.then(() => {
      timer.cancel();
      resolve();
    });
  });
}
