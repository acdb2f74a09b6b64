import type { DatabaseSync } from 'node:sqlite';
import { copyId } from '../../rules/callback.ts';
import type { CallbackResult, CallbackSpread, ClaimedCallback } from '../tables/callbacks.ts';
import { commit } from './commit.ts';

export interface Callbacks {
  claimCallbacks(node: string, now: number, limit: number): readonly ClaimedCallback[];
  spreadCallbacks(spreads: readonly CallbackSpread[]): readonly boolean[];
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
     ) RETURNING account_id AS accountId, id, subject_id AS subjectId, event, receiver, created_at AS createdAt, attempts`,
  );
  const address = db.prepare(
    `UPDATE callbacks SET receiver = ?1 WHERE id = ?2 AND account_id = ?3 AND node = ?4 AND state = 'pending'
       AND (receiver IS NULL OR receiver = ?1)`,
  );
  const copy = db.prepare(
    `INSERT INTO callbacks (account_id, id, subject_id, event, receiver, state, attempts, node, due_at, created_at)
     SELECT account_id, ?, subject_id, event, ?, 'pending', 0, node, created_at, created_at FROM callbacks WHERE id = ?
     ON CONFLICT DO NOTHING`,
  );
  const end = db.prepare(
    `UPDATE callbacks SET state = ?, receiver = ?, attempts = ?, status = ?, node = NULL, final_at = ?
     WHERE id = ? AND account_id = ? AND node = ? AND state = 'pending'`,
  );
  const again = db.prepare(
    `UPDATE callbacks SET receiver = ?, attempts = ?, status = ?, node = NULL, due_at = ?
     WHERE id = ? AND account_id = ? AND node = ? AND state = 'pending'`,
  );
  const remove = db.prepare(`DELETE FROM callbacks WHERE id = ? AND account_id = ? AND node = ? AND state = 'pending'`);

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
    spreadCallbacks: (spreads) =>
      commit(db, () =>
        spreads.map(({ accountId, id, node, receivers: [first = '', ...others] }) => {
          if (address.run(first, id, accountId, node).changes === 0) return false;
          for (const receiver of others) copy.run(copyId(id, receiver), receiver, id);
          return true;
        }),
      ),
    settleCallbacks: (results, now) =>
      commit(db, () => {
        for (const { accountId, id, node, receiver, attempts, status, next } of results) {
          if (next.kind === 'retry') again.run(receiver, attempts, status, next.dueAt, id, accountId, node);
          else if (next.kind === 'unwanted') remove.run(id, accountId, node);
          else end.run(next.kind, receiver, attempts, status, now, id, accountId, node);
        }
      }),
  };
}
