import { PassbellError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { AcceptRequest, AcceptVerdict } from '../rules/accept.ts';
import type { CallbackDue } from '../rules/callback.ts';
import type { Carrier } from '../sms/carrier.ts';
import { groupCommit } from '../store/group-commit.ts';
import type { Store } from '../store/store.ts';
import { untilReachable } from '../store/until-reachable.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import type { Random } from '../values/random.ts';
import type { Vault } from '../vault/vault.ts';
import type { CallEngine } from '../voice/calls/call-engine.ts';
import type { Cargo } from './cargo.ts';
import { conclusions } from './conclusions.ts';
import { dispatcher } from './dispatcher.ts';
import { callJob, smsJob } from './job.ts';
import type { Lease } from './lease.ts';
import { placeCall } from './place-call.ts';
import { recovery } from './recovery.ts';
import type { RestoreCall } from './restore-call.ts';
import { sendSms } from './send-sms.ts';
import { settlement } from './settlement.ts';
import type { Uplinks } from './uplinks.ts';
import { withdrawals } from './withdrawals.ts';

/** Messages in memory that wait for a carrier: past this a node takes no more, for their codes would die in the queue. */
const MAX_QUEUED = 50_000;
/** Requests that wait for a commit: past this the store does not keep up. */
const MAX_UNCOMMITTED = 20_000;

/** So many requests are worth a commit of their own: fewer cost too many syncs, more leave the store idle while this thread reads. */
const EAGER_AT = 32;

/** How messages and calls leave: accepted in a shared commit, handed to a carrier or a trunk from memory, settled in a shared commit. */
export interface Delivery {
  /** Commits the request, then sends. The verdict comes after the commit. Rejects with `unavailable`; nothing is then accepted. */
  submit(request: AcceptRequest, cargo: Cargo): Promise<AcceptVerdict>;
  readonly node: string;
  readonly load: {
    readonly uncommitted: number;
    readonly queued: number;
    readonly holding: number;
    readonly unsettled: number;
  };
  /** Tells by its id whether a delivery is in memory under this lease: accepted or taken over, and the last word on it not saved. */
  holds(node: string): (id: string) => boolean;
  start(): void;
  /** Takes no more, commits what was asked, waits for what carriers have, and leaves the rest to other nodes. */
  drain(graceMs: number): Promise<void>;
}

interface Deps {
  readonly store: Store;
  readonly vault: Vault;
  /** Started before this is, and stopped after it. */
  readonly lease: Lease;
  readonly carriers: Uplinks<Carrier>;
  readonly trunks: Uplinks<CallEngine>;
  /** Makes a call out of what was accepted by a node that stopped. */
  readonly restoreCall: RestoreCall;
  /** Told of callbacks that a commit made due, as `node`'s to send. */
  readonly onCallbacks: (due: readonly CallbackDue[], node: string) => void;
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
  const { store, carriers, trunks, lease, clock } = deps;
  const settled = settlement({ ...deps, lease });
  const concluded = conclusions({ ...deps, settlement: settled });
  const shared = { conclusions: concluded, lease, clock };
  const messages = dispatcher({ ...shared, routes: carriers, attempt: sendSms(shared) });
  const calls = dispatcher({ ...shared, routes: trunks, attempt: placeCall(shared) });
  const queued = () => messages.queued + calls.queued;
  const rescue = recovery({ ...deps, lease, messages, calls, settlement: settled });
  const withdrawn = withdrawals({ ...deps, messages, calls });
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
      void undo(request, node);
      throw error;
    }
  }

  /**
   * The commit may have happened before its answer was lost. Who asked under a key asks again and gets what stands there; a workflow has gone
   * on by then: both stay, and are sent. Everybody else was told that nothing was accepted: whatever stands there is ended, and its hold
   * released. A row that is not there makes this a no-op.
   */
  async function undo({ accountId, otpId, deliveryId, replay, verification }: AcceptRequest, node: string) {
    if (replay !== null || verification?.kind === 'step') return;
    if (verification?.kind === 'start') await cancel(accountId, otpId, node);
    const next = { kind: 'final', state: 'failed', reason: 'store_lost' } as const;
    await settled.outcome({ accountId, deliveryId, node, at: clock.now(), attempt: null, next });
  }

  async function cancel(accountId: string, id: string, node: string): Promise<void> {
    const wish = { kind: 'cancel', accountId, id, replay: null } as const;
    try {
      const [verdict] = await untilReachable(() => store.verify([wish], node, clock.now()), clock);
      if (verdict?.judged && verdict.callback) deps.onCallbacks([verdict.callback], node);
    } catch (error) {
      deps.log.error('send_not_undone', { verification: id }, error);
    }
  }

  async function accept(request: AcceptRequest, cargo: Cargo): Promise<AcceptVerdict> {
    const { verdict, node } = await commit(request);
    if (verdict.accepted && verdict.fresh) {
      const { accountId, deliveryId, mode, via } = request;
      const whose = { accountId, deliveryId, mode, node, via };
      if (cargo.channel === 'sms') messages.take(smsJob(whose, cargo.sms));
      else calls.take(callJob(whose, cargo.call));
    }
    return verdict;
  }

  carriers.onFree(() => messages.pump());
  trunks.onFree(() => calls.pump());
  carriers.onOpen((carrier) => {
    const { name } = carrier;
    carrier.onReceipts((receipts) => settled.receipts(receipts.map((receipt) => ({ carrier: name, ...receipt }))));
  });

  return {
    submit(request, cargo) {
      if (!taking) return Promise.reject(new PassbellError('unavailable', { reason: 'draining' }));
      // Without a lease this node may not send: what it accepted would wait for another.
      if (!lease.valid()) return Promise.reject(new PassbellError('unavailable', { reason: 'store' }));
      if (queued() > MAX_QUEUED || lane.waiting > MAX_UNCOMMITTED) {
        return Promise.reject(new PassbellError('unavailable', { reason: 'overloaded' }));
      }
      return accept(request, cargo);
    },
    get node() {
      return lease.node;
    },
    get load() {
      const holding = messages.holding + calls.holding;
      return { uncommitted: lane.waiting, queued: queued(), holding, unsettled: settled.waiting };
    },
    holds(node) {
      const held = new Set([messages, calls, rescue].flatMap((each) => each.held(node)));
      return (id) => held.has(id);
    },
    start() {
      rescue.start();
      withdrawn.start();
      taking = true;
    },
    async drain(graceMs) {
      taking = false;
      rescue.stop();
      withdrawn.stop();
      await lane.drain();
      const drained = Promise.all([messages.drain(), calls.drain()]);
      await within(graceMs, drained, clock);
      await Promise.all([carriers.close(graceMs), trunks.close(graceMs)]);
      // What those hung up or gave up have said of it.
      await within(graceMs, Promise.all([messages.drain(), calls.drain()]), clock);
      await settled.drain();
    },
  };
}

/** Waits for `work`, at most `ms`. */
function within(ms: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, resolve);
    void work.then(() => {
      timer.cancel();
      resolve();
    });
  });
}
