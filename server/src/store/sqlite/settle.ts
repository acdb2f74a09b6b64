import type { DatabaseSync } from 'node:sqlite';
import type { Balance } from '../../rules/accept.ts';
import { balanceKey } from '../../rules/accept.ts';
import { judgeSettle } from '../../rules/judge-settle.ts';
import type { DeliveryRow, Outcome, Receipt } from '../../rules/outcome.ts';
import { deliveryKey, type PartRow, partKey, type SettleState, type SettleVerdict } from '../../rules/settle.ts';
import { type OverdueRow, overdueOutcome } from '../overdue.ts';
import { commit } from './commit.ts';
import { settleSaver } from './save-settled.ts';

export interface Settle {
  settle(
    outcomes: readonly Outcome[],
    receipts: readonly Receipt[],
    node: string | null,
    now: number,
  ): readonly SettleVerdict[];
  closeOverdue(now: number, limit: number): number;
}

/** Loads what outcomes and receipts touch, has them judged, saves: one transaction, one fsync. */
export function settleIn(db: DatabaseSync): Settle {
  const load = loader(db);
  const save = settleSaver(db);
  const overdue = db.prepare(
    `SELECT account_id AS accountId, id, channel, node FROM deliveries WHERE state = 'submitted' AND due_at < ? ORDER BY due_at LIMIT ?`,
  );
  const lost = db.prepare(
    `SELECT account_id AS accountId, id, channel, node FROM deliveries WHERE state = 'submitted' AND channel = 'voice'
       AND NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.node = deliveries.node AND taken_at IS NULL AND alive_until > ?) LIMIT ?`,
  );

  const settle: Settle['settle'] = (outcomes, receipts, node, now) => {
    const { verdicts, writes } = judgeSettle(outcomes, receipts, load(outcomes, receipts), now);
    save(writes, node, now);
    return verdicts;
  };

  return {
    settle: (outcomes, receipts, node, now) => commit(db, () => settle(outcomes, receipts, node, now)),
    closeOverdue: (now, limit) =>
      commit(db, () => {
        const rows = [...overdue.all(now, limit), ...lost.all(now, limit)] as unknown as OverdueRow[];
        settle(
          rows.map((row) => overdueOutcome(row, now)),
          [],
          null,
          now,
        );
        return rows.length;
      }),
  };
}

type Truths = 'settled' | 'callback' | 'verification';

function loader(db: DatabaseSync): (outcomes: readonly Outcome[], receipts: readonly Receipt[]) => SettleState {
  const delivery = db.prepare(
    `SELECT account_id AS accountId, id, otp_id AS otpId, channel, pool, credits, state, node, carrier, tries, parts,
       parts_delivered AS partsDelivered, settled, callback, verification FROM deliveries WHERE account_id = ? AND id = ?`,
  );
  const balance = db.prepare('SELECT granted, held, captured FROM balances WHERE account_id = ? AND pool = ?');
  // A carrier may use an id again after it has wrapped: the receipt is for the message that was sent last.
  const part = db.prepare(
    `SELECT account_id AS accountId, delivery_id AS deliveryId, n, part, carrier, message_id AS messageId, receipt
     FROM attempts WHERE carrier = ? AND message_id = ? ORDER BY at DESC LIMIT 1`,
  );
  const parked = db.prepare(
    'SELECT carrier, message_id AS messageId, state, code, at FROM parked_receipts WHERE carrier = ? AND message_id = ?',
  );

  return (outcomes, receipts) => {
    const deliveries = new Map<string, DeliveryRow>();
    const balances = new Map<string, Balance>();
    const parts = new Map<string, PartRow>();
    const waiting = new Map<string, Receipt>();

    function loadDelivery(accountId: string, deliveryId: string): void {
      const key = deliveryKey(accountId, deliveryId);
      if (deliveries.has(key)) return;
      const row = delivery.get(accountId, deliveryId) as
        | (Omit<DeliveryRow, Truths> & Readonly<Record<Truths, 0 | 1>>)
        | undefined;
      if (row === undefined) return;
      const { settled, callback, verification } = row;
      const truths = { settled: settled === 1, callback: callback === 1, verification: verification === 1 };
      deliveries.set(key, { ...row, ...truths });
      const purse = balanceKey(accountId, row.pool);
      if (balances.has(purse)) return;
      const held = balance.get(accountId, row.pool) as Balance | undefined;
      if (held) balances.set(purse, held);
    }

    for (const { accountId, deliveryId, attempt } of outcomes) {
      loadDelivery(accountId, deliveryId);
      for (const { messageId } of attempt?.parts ?? []) {
        if (messageId === null || attempt === null) continue;
        const row = parked.get(attempt.carrier, messageId) as Receipt | undefined;
        if (row) waiting.set(partKey(attempt.carrier, messageId), row);
      }
    }
    for (const { carrier, messageId } of receipts) {
      const row = part.get(carrier, messageId) as PartRow | undefined;
      if (row === undefined) continue;
      parts.set(partKey(carrier, messageId), row);
      loadDelivery(row.accountId, row.deliveryId);
    }
    return { deliveries, balances, parts, parked: waiting };
  };
}
