import type { Database } from '../schema.ts';

/** Of one commit: hundreds of thousands may wait for an endpoint that was down for days, and sends wait for commits. */
const BATCH = 500;

/**
 * Ends what waits for an endpoint that is disabled, before it is enabled again: it is not told what it missed. What comes due until then ends
 * by itself; what a node is sending just now is left to that node. Stops if somebody else enables it meanwhile; after a failure, asking again
 * goes on where it was left.
 */
export async function dropWaiting(db: Database, accountId: string, endpoint: string, now: number): Promise<void> {
  let last: Position | undefined = { created_at: 0, id: '' };
  while (last !== undefined) {
    const found = await waiting(db, accountId, endpoint, last);
    if (found.length > 0) await drop(db, accountId, endpoint, found, now);
    last = found.length < BATCH ? undefined : found.at(-1);
  }
}

interface Position {
  readonly created_at: number;
  readonly id: string;
}

/** Along the index of the account's list, once for all batches; and no part of a commit, for that may be long. */
function waiting(db: Database, accountId: string, endpoint: string, after: Position): Promise<readonly Position[]> {
  return db
    .selectFrom('callbacks')
    .select(['created_at', 'id'])
    .where('account_id', '=', accountId)
    .where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '>', tuple(after.created_at, after.id)))
    .where('receiver', '=', endpoint)
    .where('state', '=', 'pending')
    .where('node', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .limit(BATCH)
    .execute();
}

async function drop(
  db: Database,
  accountId: string,
  endpoint: string,
  found: readonly Position[],
  now: number,
): Promise<void> {
  const ids = found.map(({ id }) => id);
  await db
    .updateTable('callbacks')
    .set({ state: 'disabled', final_at: now })
    .where('account_id', '=', accountId)
    .where('id', 'in', ids)
    // Asked again: a node may have taken it since, or somebody enabled the endpoint.
    .where('state', '=', 'pending')
    .where('node', 'is', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('callback_endpoints as e')
          .select('e.id')
          .where('e.account_id', '=', accountId)
          .where('e.id', '=', endpoint)
          .where('e.state', '=', 'disabled'),
      ),
    )
    .execute();
}
