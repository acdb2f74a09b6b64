import { judgeSettle } from '../../rules/judge-settle.ts';
import type { DeliveryRow, Outcome, Receipt } from '../../rules/outcome.ts';
import type { SettleVerdict } from '../../rules/settle.ts';
import { overdueOutcome } from '../overdue.ts';
import type { Behind, Connection, Connections } from './connections.ts';
import { loadSettle } from './load-settle.ts';
import { saveSettled } from './save-settled.ts';

/** Loads and locks what outcomes and receipts touch, has them judged, saves: one transaction, one fsync. */
export async function settle(
  connections: Connections,
  outcomes: readonly Outcome[],
  receipts: readonly Receipt[],
  now: number,
): Promise<readonly SettleVerdict[]> {
  return connections.commit((connection, behind) => settleWith(connection, behind, outcomes, receipts, now));
}

// Of two nodes that look at once, each closes other rows.
const OVERDUE = `SELECT account_id AS "accountId", id, node FROM deliveries
  WHERE state = 'submitted' AND due_at < $1 ORDER BY due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`;

export async function closeOverdue(connections: Connections, now: number, limit: number): Promise<number> {
  return connections.commit(async (connection, behind) => {
    const { rows } = await connection.query<Pick<DeliveryRow, 'accountId' | 'id' | 'node'>>(OVERDUE, [now, limit]);
    if (rows.length > 0) {
      const outcomes = rows.map((row) => overdueOutcome(row, now));
      await settleWith(connection, behind, outcomes, [], now);
    }
    return rows.length;
  });
}

async function settleWith(
  connection: Connection,
  behind: Behind,
  outcomes: readonly Outcome[],
  receipts: readonly Receipt[],
  now: number,
): Promise<SettleVerdict[]> {
  const state = await loadSettle(connection, outcomes, receipts);
  const { verdicts, writes } = judgeSettle(outcomes, receipts, state, now);
  saveSettled(connection, behind, writes, now);
  return verdicts;
}
