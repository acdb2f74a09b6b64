import type { DatabaseSync } from 'node:sqlite';
import type { CallbackDue } from '../../rules/callback.ts';
import { bulkInsert } from './bulk-insert.ts';

/** Writes callbacks into the outbox, as `node`'s to send (null: as nobody's yet). One that stands there already stays as it is. */
export function callbackSaver(db: DatabaseSync): (due: readonly CallbackDue[], node: string | null) => void {
  const insert = bulkInsert(
    db,
    'INSERT INTO callbacks (account_id, id, subject_id, event, state, attempts, node, due_at, created_at)',
    "(?, ?, ?, ?, 'pending', 0, ?, ?, ?)",
    'ON CONFLICT DO NOTHING',
  );
  return (due, node) =>
    insert(
      due.map(({ accountId, id, subjectId, event, createdAt }) => {
        return [accountId, id, subjectId, event, node, createdAt, createdAt];
      }),
    );
}
