import type { ClaimedDelivery } from '../store.ts';
import type { Connections } from './connections.ts';

/** The one clock that leases go by, in milliseconds. */
export const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

// Who stands on queued deliveries without a lease that holds: a few look-ups in the queue's index, not a walk along it.
const DEAD = `WITH RECURSIVE owner AS (
    (SELECT node FROM deliveries WHERE state = 'queued' AND node IS NOT NULL ORDER BY node LIMIT 1)
    UNION ALL
    SELECT (SELECT d.node FROM deliveries d WHERE d.state = 'queued' AND d.node > owner.node ORDER BY d.node LIMIT 1)
    FROM owner WHERE owner.node IS NOT NULL
  )
  SELECT node FROM owner WHERE node IS NOT NULL AND node <> $1 AND NOT EXISTS (
    SELECT 1 FROM nodes WHERE nodes.node = owner.node AND taken_at IS NULL AND alive_until > ${NOW})
  UNION ALL
  SELECT NULL WHERE EXISTS (SELECT 1 FROM deliveries WHERE state = 'queued' AND node IS NULL)`;

// Waits for a renewal or a batch that is under way, and looks again: a name is spent only if its lease has still run out.
const FENCE = `INSERT INTO nodes (node, alive_until, taken_at) SELECT node, 0, ${NOW} FROM unnest($1::text[]) AS node ORDER BY node
  ON CONFLICT (node) DO UPDATE SET taken_at = excluded.taken_at
  WHERE nodes.taken_at IS NULL AND nodes.alive_until <= ${NOW}`;

const SPENT = 'SELECT node FROM nodes WHERE node = ANY ($1::text[]) AND taken_at IS NOT NULL';

// In the order of the queue's index, one owner at a time: a node may leave a hundred thousand behind.
const take = (whose: string) => `WITH free AS (
    SELECT account_id, id FROM deliveries WHERE state = 'queued' AND node ${whose}
    ORDER BY id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE deliveries d SET node = $1, handovers = handovers + 1
  FROM free, otps o
  WHERE d.account_id = free.account_id AND d.id = free.id AND o.account_id = d.account_id AND o.id = d.otp_id
  RETURNING d.account_id AS "accountId", d.id AS "deliveryId", d.otp_id AS "otpId", o.mode, d.channel,
    o.number_sealed AS "numberSealed", o.content_sealed AS "contentSealed", o.options, d.expires_at AS "expiresAt", d.tries,
    d.handovers, d.via, d.content_sealed AS "ownContentSealed"`;
const TAKE_OF_NODE = take('= $3');
const TAKE_OF_NOBODY = take('IS NULL');

const BEAT = `INSERT INTO nodes (node, alive_until) VALUES ($1, ${NOW} + $2)
  ON CONFLICT (node) DO UPDATE SET alive_until = excluded.alive_until WHERE nodes.taken_at IS NULL`;

/** Leases and what is done with those that ran out. */
export function postgresLeases(connections: Connections) {
  return {
    async claim(node: string, limit: number): Promise<readonly ClaimedDelivery[]> {
      return connections.commit(async (connection) => {
        const { rows: dead } = await connection.query<{ node: string | null }>(DEAD, [node]);
        if (dead.length === 0) return [];
        const names = dead.flatMap((row) => row.node ?? []);
        await connection.query(FENCE, [names]);
        const { rows: spent } = await connection.query<{ node: string }>(SPENT, [names]);
        const claimed = (await connection.query<ClaimedDelivery>(TAKE_OF_NOBODY, [node, limit])).rows;
        for (const { node: owner } of spent) {
          const { rows } = await connection.query<ClaimedDelivery>(TAKE_OF_NODE, [node, limit - claimed.length, owner]);
          claimed.push(...rows);
        }
        return claimed.sort((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1));
      });
    },
    async beat(node: string, ttlMs: number): Promise<boolean> {
      return connections.commit(
        async (connection) => ((await connection.query(BEAT, [node, ttlMs])).rowCount ?? 0) > 0,
      );
    },
    async leave(node: string): Promise<void> {
      await connections.commit((connection) => connection.query('DELETE FROM nodes WHERE node = $1', [node]));
    },
  };
}
