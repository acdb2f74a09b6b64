import type { TakeDue } from '../tables/verification-store.ts';
import type { Connections } from './connections.ts';

// Checks lock many rows at once, in the order of their keys, and this finds them in another: it waits for none of theirs, and comes back
// for what it skipped.
const TAKE = `WITH due AS (
    SELECT account_id, id FROM verifications WHERE state = 'pending' AND due_at <= $1
    ORDER BY due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE verifications v SET due_at = $3 FROM due WHERE v.account_id = due.account_id AND v.id = due.id
  RETURNING v.account_id AS "accountId", v.id`;

export function takeDue(connections: Connections): TakeDue {
  return (now, limit, holdMs) =>
    connections.commit(async (connection) => {
      const { rows } = await connection.query<{ accountId: string; id: string }>(TAKE, [now, limit, now + holdMs]);
      return rows;
    });
}
