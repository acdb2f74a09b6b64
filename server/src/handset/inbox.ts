import type { Log } from '../observe/log.ts';
import type { HandsetRow, HandsetStore } from '../store/tables/handset.ts';
import type { Clock } from '../values/clock.ts';
import type { Place, Vault } from '../vault/vault.ts';
import type { Handset } from './handset.ts';
import type { HandsetMessage } from './message.ts';
import { waitingRoom } from './waiting-room.ts';

export interface InboxDeps {
  readonly store: { readonly handset: HandsetStore };
  readonly vault: Pick<Vault, 'numberDigest' | 'seal' | 'open'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A message on its way into an account's inbox. */
export interface Arrival {
  readonly accountId: string;
  readonly message: HandsetMessage;
}

/**
 * The messages of the sandbox phone. They live in the store, sealed, so that every node shows the same ones. Their order is that
 * of their ids, which hold the time of the node that took them: across nodes it is as good as the nodes' clocks.
 */
export interface Inbox extends Pick<Handset, 'messages' | 'next'> {
  /** Saves all of them in one commit, then wakes who waits on this node. Rejects as the store does; nothing is then known to be saved. */
  land(arrivals: readonly Arrival[]): Promise<void>;
}

export function openInbox({ store, vault, clock, log }: InboxDeps): Inbox {
  function sealed({ accountId, message }: Arrival): HandsetRow {
    return {
      accountId,
      id: message.id,
      numberDigest: vault.numberDigest(accountId, message.to),
      sealed: vault.seal(place(accountId, message.id), JSON.stringify(message)),
      receivedAt: message.receivedAt,
    };
  }

  /** Null when the cell does not open: a key was taken away, or the row was altered. */
  function opened(row: HandsetRow): HandsetMessage | null {
    const text = vault.open(place(row.accountId, row.id), row.sealed);
    if (text === null) log.warn('handset_message_sealed', { account_id: row.accountId, message_id: row.id });
    return text === null ? null : (JSON.parse(text) as HandsetMessage);
  }

  const digest = (accountId: string, to: string | null) => (to === null ? null : vault.numberDigest(accountId, to));

  const room = waitingRoom<HandsetRow, HandsetMessage>(
    {
      newest: async (accountId, to) => (await store.handset.list(accountId, digest(accountId, to), 1))[0] ?? null,
      next: (accountId, to, cursor) => store.handset.next(accountId, digest(accountId, to), cursor),
      cursor: (row) => row.id,
      opened,
    },
    clock,
  );

  return {
    async land(arrivals) {
      if (arrivals.length === 0) return;
      await store.handset.add(arrivals.map(sealed));
      for (const { accountId, message } of arrivals) room.ring(accountId, message.to, message);
    },

    async messages(accountId, to, limit) {
      const rows = await store.handset.list(accountId, digest(accountId, to), limit);
      return rows.map(opened).filter((message) => message !== null);
    },

    next: (accountId, to, after, waitMs, signal) => room.next({ accountId, to, after, waitMs, signal }),
  };
}

function place(accountId: string, id: string): Place {
  return { account: accountId, row: id, column: 'handset' };
}
