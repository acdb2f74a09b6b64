import type { Log } from '../../observe/log.ts';
import { groupCommit } from '../../store/group-commit.ts';
import type { HandsetCallRow, HandsetCallStore } from '../../store/tables/handset-calls.ts';
import type { Clock, Timer } from '../../values/clock.ts';
import type { IdSource } from '../../values/id.ts';
import type { Place, Vault } from '../../vault/vault.ts';
import { waitingRoom } from '../waiting-room.ts';
import { type CallRecord, callOf } from './call-record.ts';
import type { CallChange, HandsetCall, HandsetCalls } from './handset-calls.ts';
import type { LiveCall } from './live-call.ts';

/** When a call that could not be saved is tried again. */
const AGAIN_MS = 1_000;

export interface CallBookDeps {
  readonly store: { readonly handsetCalls: HandsetCallStore };
  readonly vault: Pick<Vault, 'numberDigest' | 'seal' | 'open'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** The name under which this process places calls. */
  readonly node: string;
  /** Whether no other node can be running: then calls of another name are over. */
  readonly alone: boolean;
}

/** A call in the store, and the node that has it. */
export interface BookedCall {
  readonly node: string;
  readonly call: HandsetCall;
}

/**
 * The calls of the sandbox phone in the store, sealed, so that every node shows the same ones. Their order, and that of their
 * changes, is that of ids drawn by the node that placed them: across nodes it is as good as the nodes' clocks.
 */
export interface CallBook extends Pick<HandsetCalls, 'calls' | 'next' | 'lastChange' | 'nextChange'> {
  /** Saves the call as it is when its commit leaves, then wakes who waits on this node. Tries again by itself when the store fails. */
  save(call: LiveCall): void;
  /** Resolves when a save of the call that was under way has been made, or has failed. */
  saved(call: LiveCall): Promise<void>;
  find(accountId: string, id: string): Promise<BookedCall | null>;
  /** A live call as readers see it. */
  shown(call: LiveCall): HandsetCall;
  /** What is wrong with the store, for people. */
  readonly trouble: string | null;
  /** Saves what is to be saved, once more at most. */
  close(): Promise<void>;
}

export function openCallBook({ store, vault, clock, ids, log, node, alone }: CallBookDeps): CallBook {
  const saves = new Map<LiveCall, Promise<void>>();
  /** Calls that readers have been told of as new. */
  const announced = new WeakSet<LiveCall>();
  /** Calls that the store did not take. */
  const unsaved = new Set<LiveCall>();
  let retry: Timer | undefined;
  let trouble: string | null = null;

  const commits = groupCommit<LiveCall, void>(
    async (batch) => {
      const calls = [...new Set(batch)];
      const changes = calls.map((call) => ({ call, changeId: ids() }));
      await store.handsetCalls.put(changes.map(({ call, changeId }) => sealed(call, changeId)));
      for (const { call, changeId } of changes) ring(call, changeId);
      trouble = null;
      return [];
    },
    { maxBatch: 500 },
  );

  function ring(live: LiveCall, changeId: string): void {
    const call = shown(live);
    changes.ring(live.accountId, call.to, { id: changeId, call });
    if (announced.has(live)) return;
    announced.add(live);
    arrivals.ring(live.accountId, call.to, call);
  }

  async function keep(call: LiveCall): Promise<void> {
    unsaved.delete(call);
    try {
      await commits.add(call);
    } catch (cause) {
      trouble = 'The store did not take the last calls of the sandbox phone; see the log for its error.';
      log.error('handset_call_not_saved', { call_id: call.id }, cause);
      unsaved.add(call);
      retry ??= clock.after(AGAIN_MS, saveAgain);
    }
  }

  function save(call: LiveCall): void {
    const saving = keep(call).then(() => {
      if (saves.get(call) === saving) saves.delete(call);
    });
    saves.set(call, saving);
  }

  function saveAgain(): void {
    retry?.cancel();
    retry = undefined;
    for (const call of [...unsaved]) save(call);
  }

  function sealed(call: LiveCall, changeId: string): HandsetCallRow {
    const { accountId, id, record } = call;
    const { to, startedAt } = record;
    const cell = vault.seal(place(accountId, id), JSON.stringify(record));
    return { accountId, id, changeId, node, numberDigest: vault.numberDigest(accountId, to), sealed: cell, startedAt };
  }

  /** Null when the cell does not open: a key was taken away, or the row was altered. */
  function opened(row: HandsetCallRow): HandsetCall | null {
    const text = vault.open(place(row.accountId, row.id), row.sealed);
    if (text !== null) return callOf(row.id, JSON.parse(text) as CallRecord, clock.now(), alone && row.node !== node);
    log.warn('handset_call_sealed', { account_id: row.accountId, call_id: row.id });
    return null;
  }

  const digest = (accountId: string, to: string | null) => (to === null ? null : vault.numberDigest(accountId, to));
  const list = (accountId: string, to: string | null, limit: number) =>
    store.handsetCalls.list(accountId, digest(accountId, to), limit);
  const shown = (call: LiveCall) => callOf(call.id, call.record, clock.now(), false);

  const arrivals = waitingRoom<HandsetCallRow, HandsetCall>(
    {
      newest: async (accountId, to) => (await list(accountId, to, 1))[0] ?? null,
      next: (accountId, to, cursor) => store.handsetCalls.next(accountId, digest(accountId, to), cursor),
      cursor: (row) => row.id,
      opened,
    },
    clock,
  );

  const changes = waitingRoom<HandsetCallRow, CallChange>(
    {
      newest: (accountId) => store.handsetCalls.lastChanged(accountId),
      next: (accountId, _, cursor) => store.handsetCalls.nextChanged(accountId, cursor),
      cursor: (row) => row.changeId,
      opened(row) {
        const call = opened(row);
        return call && { id: row.changeId, call };
      },
    },
    clock,
  );

  return {
    save,
    saved: async (call) => saves.get(call),
    shown,

    async calls(accountId, to, limit) {
      return (await list(accountId, to, limit)).map(opened).filter((call) => call !== null);
    },
    next: (accountId, to, after, waitMs, signal) => arrivals.next({ accountId, to, after, waitMs, signal }),
    lastChange: async (accountId) => (await store.handsetCalls.lastChanged(accountId))?.changeId ?? null,
    nextChange: (accountId, after, waitMs, signal) => changes.next({ accountId, to: null, after, waitMs, signal }),

    async find(accountId, id) {
      const row = await store.handsetCalls.get(accountId, id);
      const call = row && opened(row);
      return call && { node: row.node, call };
    },

    get trouble() {
      return trouble;
    },

    async close() {
      saveAgain();
      await Promise.all(saves.values());
      retry?.cancel();
    },
  };
}

function place(accountId: string, id: string): Place {
  return { account: accountId, row: id, column: 'handset' };
}
