import type { CallbackDue } from '../../rules/callback.ts';
import { bigints, texts, uuids } from './binary-array.ts';
import type { Behind, Connection } from './connections.ts';

const CALLBACKS = {
  name: 'save callbacks',
  text: `INSERT INTO callbacks (account_id, id, subject_id, event, state, attempts, node, due_at, created_at)
    SELECT account_id, id, subject_id, event, 'pending', 0, $6, created_at, created_at
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::bigint[]) AS new (account_id, id, subject_id, event, created_at)
    ON CONFLICT DO NOTHING`,
};

/** Writes callbacks into the outbox, as `node`'s to send (null: as nobody's yet). One that stands there already stays as it is. */
export function saveCallbacks(
  connection: Connection,
  behind: Behind,
  due: readonly CallbackDue[],
  node: string | null,
): void {
  if (due.length === 0) return;
  const columns = [
    uuids(due.map((one) => one.accountId)),
    texts(due.map((one) => one.id)),
    uuids(due.map((one) => one.subjectId)),
    texts(due.map((one) => one.event)),
    bigints(due.map((one) => one.createdAt)),
  ];
  behind(connection.query(CALLBACKS, [...columns, node]));
}
