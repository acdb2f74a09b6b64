import { isError } from '../errors.ts';

/** Many callers, one commit: what arrives while a commit is under way goes together into the next. */
export interface GroupCommit<Item, Answer> {
  /** Resolves with the item's own answer after the commit that holds it; rejects when that commit failed for this item. */
  add(item: Item): Promise<Answer>;
  /** Items that wait for, or are in, a commit. */
  readonly waiting: number;
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>;
}

interface Waiter<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit without a timer: the next batch leaves as soon as the last one is back. (A timer of 1 ms made four clients three
 * times slower.) An idle lane waits for the end of the event loop's turn, so that requests read from sockets in one turn share
 * their commit.
 *
 * When a save fails, the batch is halved until the item at fault stands alone: one poisoned item rejects itself only. An
 * unreachable store rejects the whole batch at once: there is no telling whom it would take.
 */
export function groupCommit<Item, Answer>(
  save: (batch: readonly Item[]) => Promise<readonly Answer[]>,
  { maxBatch = 1000 }: { readonly maxBatch?: number } = {},
): GroupCommit<Item, Answer> {
  let queue: Waiter<Item, Answer>[] = [];
  let inCommit = 0;
  let scheduled = false;
  let drained: (() => void)[] = [];

  async function commit(batch: readonly Waiter<Item, Answer>[]): Promise<void> {
    try {
      const answers = await save(batch.map((waiter) => waiter.item));
      for (const [i, waiter] of batch.entries()) waiter.resolve(answers[i] as Answer);
    } catch (error) {
      if (batch.length === 1 || isError(error, 'unavailable')) {
        for (const waiter of batch) waiter.reject(error);
        return;
      }
      const middle = batch.length >> 1;
      await commit(batch.slice(0, middle));
      await commit(batch.slice(middle));
    }
  }

  async function run(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.length <= maxBatch ? queue : queue.slice(0, maxBatch);
      queue = queue.length <= maxBatch ? [] : queue.slice(maxBatch);
      inCommit = batch.length;
      await commit(batch);
      inCommit = 0;
    }
    scheduled = false;
    const callers = drained;
    drained = [];
    for (const call of callers) call();
  }

  return {
    add(item) {
      return new Promise<Answer>((resolve, reject) => {
        queue.push({ item, resolve, reject });
        if (scheduled) return;
        scheduled = true;
        setImmediate(run);
      });
    },
    get waiting() {
      return queue.length + inCommit;
    },
    drain() {
      return scheduled ? new Promise((resolve) => drained.push(resolve)) : Promise.resolve();
    },
  };
}
