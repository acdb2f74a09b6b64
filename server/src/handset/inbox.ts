import type { Log } from '../observe/log.ts';
import type { HandsetRow, HandsetStore } from '../store/tables/handset.ts';
import type { Clock } from '../values/clock.ts';
import type { Place, Vault } from '../vault/vault.ts';
import { type Bell, bell } from './bell.ts';
import type { Handset } from './handset.ts';
import type { HandsetMessage } from './message.ts';

// Messages that landed on other nodes are found by asking the store: often enough for a person at a screen, and four small
// queries a second for each reader that waits.
const POLL_MS = 250;

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
  const bells = new Map<string, Set<{ readonly to: string | null; readonly bell: Bell }>>();

  function hang(accountId: string, to: string | null): { readonly bell: Bell; readonly takeDown: () => void } {
    const entry = { to, bell: bell(clock) };
    const hung = bells.get(accountId) ?? new Set();
    bells.set(accountId, hung.add(entry));
    const takeDown = () => {
      hung.delete(entry);
      if (hung.size === 0) bells.delete(accountId);
    };
    return { bell: entry.bell, takeDown };
  }

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

  return {
    async land(arrivals) {
      if (arrivals.length === 0) return;
      await store.handset.add(arrivals.map(sealed));
      for (const { accountId, message } of arrivals) {
        for (const { to, bell } of bells.get(accountId) ?? []) {
          if (to === null || to === message.to) bell.ring(message);
        }
      }
    },

    async messages(accountId, to, limit) {
      const rows = await store.handset.list(accountId, digest(accountId, to), limit);
      return rows.map(opened).filter((message) => message !== null);
    },

    async next(accountId, to, after, waitMs, signal) {
      const until = clock.elapsed() + waitMs;
      const numberDigest = digest(accountId, to);
      // The bell hangs before the first look: what lands in between rings it.
      const { bell, takeDown } = hang(accountId, to);
      try {
        let cursor = after ?? (await store.handset.list(accountId, numberDigest, 1))[0]?.id ?? null;
        for (;;) {
          // Without a cursor, what rang first is the answer: the first look may have taken it for one from before.
          const heard = after === null ? bell.first() : null;
          if (heard !== null) return heard;
          const row = await store.handset.next(accountId, numberDigest, cursor);
          if (row !== null) {
            const message = opened(row);
            if (message !== null) return message;
            cursor = row.id;
            continue;
          }
          const left = until - clock.elapsed();
          if (left <= 0 || signal.aborted) return null;
          await bell.rest(Math.min(POLL_MS, left), signal);
        }
      } finally {
        takeDown();
      }
    },
  };
}

function place(accountId: string, id: string): Place {
  return { account: accountId, row: id, column: 'handset' };
}
