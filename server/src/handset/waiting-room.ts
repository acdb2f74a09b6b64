import type { Clock } from '../values/clock.ts';
import { type Bell, bell } from './bell.ts';

// What landed on other nodes is found by asking the store: often enough for a person at a screen, and four small queries a second
// for each reader that waits.
const POLL_MS = 250;

/** Rows in the store, in an order that grows: what is waited for. */
export interface Shelf<Row, Item> {
  /** The newest row there is; `to` in E.164, or null for all. */
  newest(accountId: string, to: string | null): Promise<Row | null>;
  /** The oldest row after `cursor` (null: from the beginning). */
  next(accountId: string, to: string | null, cursor: string | null): Promise<Row | null>;
  cursor(row: Row): string;
  /** What readers get; null when the row cannot be read and is to be passed over. */
  opened(row: Row): Item | null;
}

/** What a reader waits for. */
export interface Wait {
  readonly accountId: string;
  readonly to: string | null;
  /** The cursor of the last row seen; null: what comes after now. */
  readonly after: string | null;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Where readers wait for what comes next: woken by what lands on this node, found in the store when it landed elsewhere. */
export interface WaitingRoom<Item> {
  /** Wakes those who wait for `item`, which is in the store by now. */
  ring(accountId: string, to: string, item: Item): void;
  /** The next one, as soon as there is one; null when none came in time, or `signal` ended the wait. */
  next(wait: Wait): Promise<Item | null>;
}

export function waitingRoom<Row, Item>(shelf: Shelf<Row, Item>, clock: Clock): WaitingRoom<Item> {
  const bells = new Map<string, Set<{ readonly to: string | null; readonly bell: Bell<Item> }>>();

  function hang(accountId: string, to: string | null): { readonly bell: Bell<Item>; readonly takeDown: () => void } {
    const entry = { to, bell: bell<Item>(clock) };
    const hung = bells.get(accountId) ?? new Set();
    bells.set(accountId, hung.add(entry));
    const takeDown = () => {
      hung.delete(entry);
      if (hung.size === 0) bells.delete(accountId);
    };
    return { bell: entry.bell, takeDown };
  }

  async function newest(accountId: string, to: string | null): Promise<string | null> {
    const row = await shelf.newest(accountId, to);
    return row === null ? null : shelf.cursor(row);
  }

  return {
    ring(accountId, number, item) {
      for (const { to, bell } of bells.get(accountId) ?? []) {
        if (to === null || to === number) bell.ring(item);
      }
    },

    async next({ accountId, to, after, waitMs, signal }) {
      const until = clock.elapsed() + waitMs;
      // The bell hangs before the first look: what lands in between rings it.
      const { bell, takeDown } = hang(accountId, to);
      try {
        let cursor = after ?? (await newest(accountId, to));
        for (;;) {
          // Without a cursor, what rang first is the answer: the first look may have taken it for one from before.
          const heard = after === null ? bell.first() : null;
          if (heard !== null) return heard;
          const row = await shelf.next(accountId, to, cursor);
          if (row !== null) {
            const item = shelf.opened(row);
            if (item !== null) return item;
            cursor = shelf.cursor(row);
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
