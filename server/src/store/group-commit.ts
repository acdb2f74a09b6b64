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

export interface GroupCommitOptions {
  /** Items in one commit at the most. */
  readonly maxBatch?: number;
  /**
   * When so many items wait, they leave without waiting for the end of the turn, while at most one other commit is under way.
   * Items come in convoys, for those answered together ask again together: so the store works on the first of a convoy while
   * this thread still reads the rest.
   */
  readonly eagerAt?: number;
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
  { maxBatch = 1000, eagerAt = Number.POSITIVE_INFINITY }: GroupCommitOptions = {},
): GroupCommit<Item, Answer> {
  let queue: Waiter<Item, Answer>[] = [];
  let underWay = 0;
  let inCommits = 0;
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

  async function leave(): Promise<void> {
    const batch = queue.length <= maxBatch ? queue : queue.slice(0, maxBatch);
    queue = queue.length <= maxBatch ? [] : queue.slice(maxBatch);
    underWay += 1;
    inCommits += batch.length;
    await commit(batch);
    underWay -= 1;
    inCommits -= batch.length;
    next();
  }

  /** Called at the end of a turn, and whenever a commit is back. */
  function next(): void {
    if (queue.length > 0 && (underWay === 0 || mayHurry())) void leave();
    if (queue.length > 0 || underWay > 0) return;
    const callers = drained;
    drained = [];
    for (const call of callers) call();
  }

  function mayHurry(): boolean {
    return queue.length >= eagerAt && underWay < 2;
  }

  function endOfTurn(): void {
    scheduled = false;
    next();
  }

  return {
    add(item) {
      return new Promise<Answer>((resolve, reject) => {
        queue.push({ item, resolve, reject });
        if (mayHurry()) void leave();
        else if (!scheduled && underWay === 0) {
          scheduled = true;
          setImmediate(endOfTurn);
        }
      });
    },
    get waiting() {
      return queue.length + inCommits;
    },
    drain() {
      return queue.length === 0 && underWay === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            drained.push(resolve);
          });
    },
  };
}
