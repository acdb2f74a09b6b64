import type { CallbackResult, CallbackStore, ClaimedCallback } from '../tables/callbacks.ts';
import { bigints, integers, texts, uuids } from './binary-array.ts';
import type { Connections } from './connections.ts';
import { NOW } from './leases.ts';

// Whose node stopped: a few look-ups in the index, not a walk along it.
const FREE = `WITH RECURSIVE owner AS (
    (SELECT node FROM callbacks WHERE state = 'pending' AND node IS NOT NULL ORDER BY node LIMIT 1)
    UNION ALL
    SELECT (SELECT c.node FROM callbacks c WHERE c.state = 'pending' AND c.node IS NOT NULL AND c.node > owner.node
      ORDER BY c.node LIMIT 1)
    FROM owner WHERE owner.node IS NOT NULL
  ), dead AS (
    SELECT node FROM owner WHERE node IS NOT NULL AND node <> $1 AND NOT EXISTS (
      SELECT 1 FROM nodes WHERE nodes.node = owner.node AND taken_at IS NULL AND alive_until > ${NOW})
  ), free AS (
    SELECT account_id, id FROM callbacks WHERE state = 'pending' AND node IN (SELECT node FROM dead)
    FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE callbacks c SET node = NULL FROM free WHERE c.account_id = free.account_id AND c.id = free.id`;

const TAKE = `WITH due AS (
    SELECT account_id, id FROM callbacks WHERE state = 'pending' AND node IS NULL AND due_at <= $2
    ORDER BY due_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE callbacks c SET node = $1 FROM due WHERE c.account_id = due.account_id AND c.id = due.id
  RETURNING c.account_id AS "accountId", c.id, c.delivery_id AS "deliveryId", c.event, c.created_at AS "createdAt", c.attempts`;

const SETTLE = {
  name: 'settle callbacks sent',
  text: `UPDATE callbacks c SET state = coalesce(new.state, 'pending'), attempts = new.attempts, status = new.status, node = NULL,
      due_at = coalesce(new.due_at, c.due_at), final_at = CASE WHEN new.state IS NULL THEN NULL ELSE $8::bigint END
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::integer[], $6::text[], $7::bigint[])
      AS new (account_id, id, node, attempts, status, state, due_at)
    WHERE c.account_id = new.account_id AND c.id = new.id AND c.node = new.node AND c.state = 'pending'`,
};

/** The outbox's hot path. */
export function postgresCallbacks(connections: Connections): Pick<CallbackStore, 'claim' | 'settle'> {
  return {
    claim: (node, now, limit) =>
      connections.commit(async (connection) => {
        await connection.query(FREE, [node]);
        const { rows } = await connection.query<ClaimedCallback & Record<string, unknown>>(TAKE, [node, now, limit]);
        return rows;
      }),
    async settle(results, now) {
      // In one order on every node: two batches must not wait for each other.
      const rows = results.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      await connections.commit((connection) => connection.query(SETTLE, [...columnsOf(rows), now]));
    },
  };
}

function keyOf({ accountId, id }: CallbackResult): string {
  return `${accountId} ${id}`;
}

function columnsOf(results: readonly CallbackResult[]): readonly Buffer[] {
  return [
    uuids(results.map((one) => one.accountId)),
    texts(results.map((one) => one.id)),
    texts(results.map((one) => one.node)),
    integers(results.map((one) => one.attempts)),
    integers(results.map((one) => one.status)),
    texts(results.map(({ next }) => (next.kind === 'retry' ? null : next.kind))),
    bigints(results.map(({ next }) => (next.kind === 'retry' ? next.dueAt : null))),
  ];
}
