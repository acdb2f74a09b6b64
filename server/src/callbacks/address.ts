import { copyId } from '../rules/callback.ts';
import { groupCommit } from '../store/group-commit.ts';
import type { CallbackSpread } from '../store/tables/callbacks.ts';
import { untilReachable } from '../store/until-reachable.ts';
import type { Clock } from '../values/clock.ts';
import type { CallbackContent, CallbackRow, Outbox } from './callback.ts';

/** A callback to one receiver, with what it gets. */
export interface Addressed {
  readonly row: CallbackRow;
  readonly content: CallbackContent;
}

/**
 * Gives each receiver of a callback a row of its own, with its own tries and its own end. Where there is one receiver that costs nothing:
 * the row's result will say whom it was for. Where there are more, all their rows are written in one commit before the first of them is
 * told: after a crash either nobody is known to have been told, or all are, each under the id that is his. Nothing: the row is another
 * node's by now.
 */
export function addresser({ outbox, clock }: { readonly outbox: Pick<Outbox, 'spread'>; readonly clock: Clock }) {
  const spreads = groupCommit<CallbackSpread, boolean>((batch) => outbox.spread(batch));

  return async (row: CallbackRow, contents: readonly CallbackContent[]): Promise<readonly Addressed[]> => {
    if (contents.length > 1) {
      const { accountId, id, node } = row;
      const spread = { accountId, id, node, receivers: contents.map(({ receiver }) => receiver) };
      if (!(await untilReachable(() => spreads.add(spread), clock))) return [];
    }
    return contents.map((content, i) => {
      const { receiver } = content;
      const own = { ...row, receiver };
      return { row: i === 0 ? own : { ...own, id: copyId(row.id, receiver), attempts: 0 }, content };
    });
  };
}
