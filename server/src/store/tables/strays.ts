import { sql } from 'kysely';
import type { Database } from '../schema.ts';

/** Rows named in one statement. */
const BATCH = 500;

// Spelt out: with a bound value SQLite does not see that a partial index holds these.
const QUEUED = sql.lit<'queued'>('queued');
const PENDING = sql.lit<'pending'>('pending');

/**
 * What stands as a node's, and how it is let go of where the node knows nothing of it: a commit whose answer was lost may have made or taken
 * rows that nobody has in memory, while others see their node alive.
 */
export interface StrayStore {
  /** Ids of what stands as `node`'s to hand over: deliveries that are queued. */
  deliveriesOf(node: string): Promise<readonly string[]>;
  /** Ids of what stands as `node`'s to tell: callbacks that are pending. */
  callbacksOf(node: string): Promise<readonly string[]>;
  /**
   * Makes these deliveries nobody's, to be claimed by any node, where they are still queued as `node`'s; returns how many were. None was
   * handed over: the next claim counts no more hand-overs than the last one did.
   */
  freeDeliveries(node: string, ids: readonly string[]): Promise<number>;
  /** Makes these callbacks nobody's where they are still pending as `node`'s: due as they were. Returns how many were. */
  freeCallbacks(node: string, ids: readonly string[]): Promise<number>;
}

export function strayStore(db: Database): StrayStore {
  return {
    async deliveriesOf(node) {
      const rows = await db
        .selectFrom('deliveries')
        .select('id')
        .where('state', '=', QUEUED)
        .where('node', '=', node)
        .execute();
      return rows.map(({ id }) => id);
    },
    async callbacksOf(node) {
      const rows = await db
        .selectFrom('callbacks')
        .select('id')
        .where('state', '=', PENDING)
        .where('node', '=', node)
        .execute();
      return rows.map(({ id }) => id);
    },
    freeDeliveries: (node, ids) =>
      inBatches(ids, (batch) =>
        db
          .updateTable('deliveries')
          .set({
            node: null,
            handovers: (eb) =>
              eb
                .case()
                .when('handovers', '>', 0)
                .then(eb('handovers', '-', 1))
                .else(eb.ref('handovers'))
                .end(),
          })
          .where('state', '=', QUEUED)
          .where('node', '=', node)
          .where('id', 'in', batch)
          .executeTakeFirstOrThrow(),
      ),
    freeCallbacks: (node, ids) =>
      inBatches(ids, (batch) =>
        db
          .updateTable('callbacks')
          .set({ node: null })
          .where('state', '=', PENDING)
          .where('node', '=', node)
          .where('id', 'in', batch)
          .executeTakeFirstOrThrow(),
      ),
  };
}

async function inBatches(
  ids: readonly string[],
  free: (batch: readonly string[]) => Promise<{ readonly numUpdatedRows: bigint }>,
): Promise<number> {
  let freed = 0;
  for (let from = 0; from < ids.length; from += BATCH) {
    const { numUpdatedRows } = await free(ids.slice(from, from + BATCH));
    freed += Number(numUpdatedRows);
  }
  return freed;
}
