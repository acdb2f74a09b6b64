import type { Database } from '../schema.ts';
import type { Connections } from './connections.ts';

// Rows that a batch is changing at the moment are not over: they are left to the next round.
const SWEEP = `DELETE FROM limits WHERE expires_at <= $1 AND ctid = ANY (ARRAY(
  SELECT ctid FROM limits WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED))`;

/** Deletes limits that are full again. */
export async function sweepLimits(connections: Connections, now: number, limit: number): Promise<number> {
  return connections.commit(async (connection) => (await connection.query(SWEEP, [now, limit])).rowCount ?? 0);
}

/** Deletes what counts against one subject: its bucket is full again. */
export function limitForgetter(db: Database): (accountId: string, subject: string) => Promise<void> {
  return async (accountId, subject) => {
    await db.deleteFrom('limits').where('account_id', '=', accountId).where('subject', '=', subject).execute();
  };
}
