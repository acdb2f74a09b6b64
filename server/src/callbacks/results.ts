import type { Log } from '../observe/log.ts';
import { groupCommit } from '../store/group-commit.ts';
import type { CallbackResult } from '../store/tables/callbacks.ts';
import { untilReachable } from '../store/until-reachable.ts';
import type { Clock } from '../values/clock.ts';
import type { Outbox } from './callback.ts';

/** Where what became of callbacks is written down, many at a time. */
export interface Results {
  /** Saves a result, however long the store takes to come back: one that is forgotten would be a callback sent again. */
  save(result: CallbackResult): Promise<void>;
  drain(): Promise<void>;
}

export function results({ outbox, clock, log }: { outbox: Outbox; clock: Clock; log: Log }): Results {
  const lane = groupCommit<CallbackResult, null>(async (batch) => {
    await outbox.settle(batch, clock.now());
    return batch.map(() => null);
  });

  return {
    async save(result) {
      try {
        await untilReachable(() => lane.add(result), clock);
      } catch (error) {
        log.error('callback_result_lost', { callback: result.id }, error);
      }
    },
    drain: () => lane.drain(),
  };
}
