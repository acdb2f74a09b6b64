import type { DatabaseSync } from 'node:sqlite';
import type { CallbackResult, ClaimedCallback } from '../tables/callbacks.ts';
import { commit } from './commit.ts';

export interface Callbacks {
  claimCallbacks(node: string, now: number, limit: number): readonly ClaimedCallback[];
  settleCallbacks(results: readonly CallbackResult[], now: number): void;
}

/** The outbox's hot path. */
export function callbacksIn(db: DatabaseSync): Callbacks {
  const nextOwner = db.prepare(
    `SELECT min(node) AS node FROM callbacks WHERE state = 'pending' AND node IS NOT NULL AND node > ?`,
  );
  const alive = db.prepare('SELECT 1 FROM nodes WHERE node = ? AND taken_at IS NULL AND alive_until > ?');
  const free = db.prepare(`UPDATE callbacks SET node = NULL WHERE state = 'pending' AND node = ?`);
  const take = db.prepare(
    `UPDATE callbacks SET node = ? WHERE id IN (
       SELECT id FROM callbacks WHERE state = 'pending' AND node IS NULL AND due_at <= ? ORDER BY due_at LIMIT ?
     ) RETURNING account_id AS accountId, id, delivery_id AS deliveryId, event, created_at AS createdAt, attempts`,
  );
  const end = db.prepare(
    `UPDATE callbacks SET state = ?, attempts = ?, status = ?, node = NULL, final_at = ?
     WHERE id = ? AND account_id = ? AND node = ? AND state = 'pending'`,
  );
  const again = db.prepare(
    `UPDATE callbacks SET attempts = ?, status = ?, node = NULL, due_at = ?
     WHERE id = ? AND account_id = ? AND node = ? AND state = 'pending'`,
  );

  return {
    claimCallbacks: (node, now, limit) =>
      commit(db, () => {
        // Whose node stopped: a few look-ups in the index, not a walk along it.
        for (let last = ''; ; ) {
          const { node: owner } = nextOwner.get(last) as { node: string | null };
          if (owner === null) break;
          if (owner !== node && !alive.get(owner, now)) free.run(owner);
          last = owner;
        }
        return take.all(node, now, limit) as unknown as ClaimedCallback[];
      }),
    settleCallbacks: (results, now) =>
      commit(db, () => {
        for (const { accountId, id, node, attempts, status, next } of results) {
          if (next.kind === 'retry') again.run(attempts, status, next.dueAt, id, accountId, node);
          else end.run(next.kind, attempts, status, now, id, accountId, node);
        }
      }),
  };
}
