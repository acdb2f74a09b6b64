import { judgeSettle } from '../../rules/judge-settle.ts';
import type { Outcome, Receipt } from '../../rules/outcome.ts';
import type { SettleVerdict } from '../../rules/settle.ts';
import { type OverdueRow, overdueOutcome } from '../overdue.ts';
import type { Behind, Connection, Connections } from './connections.ts';
import { NOW } from './leases.ts';
import { loadSettle } from './load-settle.ts';
import { saveSettled } from './save-settled.ts';

/** Loads and locks what outcomes and receipts touch, has them judged, saves: one transaction, one fsync. */
export async function settle(
  connections: Connections,
  outcomes: readonly Outcome[],
  receipts: readonly Receipt[],
  node: string | null,
  now: number,
): Promise<readonly SettleVerdict[]> {
  return connections.commit((connection, behind) => settleWith(connection, behind, outcomes, receipts, node, now));
}

// Of two nodes that look at once, each closes other rows.
const OVERDUE = `SELECT account_id AS "accountId", id, channel, node FROM deliveries
  WHERE state = 'submitted' AND due_at < $1 ORDER BY due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`;
const LOST = `SELECT account_id AS "accountId", id, channel, node FROM deliveries
  WHERE state = 'submitted' AND channel = 'voice' AND NOT EXISTS (
    SELECT 1 FROM nodes WHERE nodes.node = deliveries.node AND taken_at IS NULL AND alive_until > ${NOW})
  LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`;

export async function closeOverdue(connections: Connections, now: number, limit: number): Promise<number> {
  return connections.commit(async (connection, behind) => {
    const { rows: overdue } = await connection.query<OverdueRow>(OVERDUE, [now, limit]);
    const { rows: lost } = await connection.query<OverdueRow>(LOST, [limit]);
    const rows = [...overdue, ...lost];
    if (rows.length > 0) {
      const outcomes = rows.map((row) => overdueOutcome(row, now));
      await settleWith(connection, behind, outcomes, [], null, now);
    }
    return rows.length;
  });
}

async function settleWith(
  connection: Connection,
  behind: Behind,
  outcomes: readonly Outcome[],
  receipts: readonly Receipt[],
  node: string | null,
  now: number,
): Promise<SettleVerdict[]> {
  const state = await loadSettle(connection, outcomes, receipts);
  const { verdicts, writes } = judgeSettle(outcomes, receipts, state, now);
  saveSettled(connection, behind, writes, node, now);
  return verdicts;
}
