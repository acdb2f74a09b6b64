import { copyId } from '../rules/callback.ts';
import { groupCommit } from '../store/group-commit.ts';
import type { CallbackSpread } from '../store/tables/callbacks.ts';
import { untilReachable } from '../store/until-reachable.ts';
import type { Clock } from '../values/clock.ts';
import type { CallbackContent, CallbackRow, Outbox } from './callback.ts';

/** What has not ended for so long has its receiver written down, at the latest after twice as long. */
const LONG_MS = 250;

/** A callback to one receiver, with what it gets. */
export interface Addressed {
  readonly row: CallbackRow;
  readonly content: CallbackContent;
}

/**
 * Gives each receiver of a callback a row of its own, with its own tries and its own end. Where there is one receiver that costs nothing:
 * the row's result will say whom it was for. Only where that is long in coming is it said before, for its account to see. Where there are
 * more, all their rows are written in one commit before the first of them is told: after a crash either nobody is known to have been told,
 * or all are, each under the id that is his.
 */
export interface Addresser {
  /** Nothing: the row is another node's by now. */
  address(row: CallbackRow, contents: readonly CallbackContent[]): Promise<readonly Addressed[]>;
  /** Its result is on its way to the store. */
  ended(row: CallbackRow): void;
}

export function addresser(deps: { readonly outbox: Pick<Outbox, 'spread'>; readonly clock: Clock }): Addresser {
  const { outbox, clock } = deps;
  const spreads = groupCommit<CallbackSpread, boolean>((batch) => outbox.spread(batch));
  /** Since when whom they are for is known here alone; oldest first. */
  const unwritten = new Map<CallbackRow, number>();
  let isWatched = false;

  function spread({ accountId, id, node }: CallbackRow, receivers: readonly string[]): Promise<boolean> {
    return spreads.add({ accountId, id, node, receivers });
  }

  function watch(): void {
    if (isWatched || unwritten.size === 0) return;
    isWatched = true;
    clock.after(LONG_MS, () => {
      isWatched = false;
      writeLong();
      watch();
    });
  }

  function writeLong(): void {
    for (const [row, since] of unwritten) {
      if (clock.elapsed() - since < LONG_MS) return;
      unwritten.delete(row);
      // Asked once: its result says the same.
      if (row.receiver !== null) spread(row, [row.receiver]).catch(() => {});
    }
  }

  return {
    async address(row, contents) {
      if (contents.length > 1) {
        const receivers = contents.map(({ receiver }) => receiver);
        if (!(await untilReachable(() => spread(row, receivers), clock))) return [];
      }
      const addressed = contents.map((content, i) => {
        const { receiver } = content;
        const own = { ...row, receiver };
        return { row: i === 0 ? own : { ...own, id: copyId(row.id, receiver), attempts: 0 }, content };
      });
      if (row.receiver === null && addressed.length === 1) {
        for (const one of addressed) unwritten.set(one.row, clock.elapsed());
        watch();
      }
      return addressed;
    },
    ended(row) {
      unwritten.delete(row);
    },
  };
}
