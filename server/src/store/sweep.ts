import type { Database } from './schema.ts';

const DAY_MS = 86_400_000;
/** A receipt that overtakes its submit does so by seconds; past a day its message is not ours. */
const PARKED_MS = DAY_MS;
/** A node that slept this long under a spent name would be let in again: its deliveries are fenced row by row all the same. */
const SPENT_NAME_MS = 30 * DAY_MS;

/**
 * What `Store.sweep` forgets of the tables that both engines keep alike. Ages are asked twice: a row that others held when its turn came
 * is spared if they have renewed it.
 */
export async function sweepTables(db: Database, now: number, limit: number): Promise<number> {
  const receipts = await db
    .deleteFrom('parked_receipts')
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('carrier', 'message_id'),
        'in',
        selectFrom('parked_receipts')
          .select(['carrier', 'message_id'])
          .where('received_at', '<=', now - PARKED_MS)
          .limit(limit)
          .$asTuple('carrier', 'message_id'),
      ),
    )
    .where('received_at', '<=', now - PARKED_MS)
    .executeTakeFirstOrThrow();
  const failures = await db
    .deleteFrom('failures')
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('account_id', 'subject'),
        'in',
        selectFrom('failures')
          .select(['account_id', 'subject'])
          .where('expires_at', '<=', now)
          .limit(limit)
          .$asTuple('account_id', 'subject'),
      ),
    )
    .where('expires_at', '<=', now)
    .executeTakeFirstOrThrow();
  const nodes = await db
    .deleteFrom('nodes')
    .where('taken_at', '<=', now - SPENT_NAME_MS)
    .executeTakeFirstOrThrow();
  return Number(receipts.numDeletedRows + failures.numDeletedRows + nodes.numDeletedRows);
}
