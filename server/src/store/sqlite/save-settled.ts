import type { DatabaseSync } from 'node:sqlite';
import type { Outcome } from '../../rules/outcome.ts';
import { deliveryKey, type SettleWrites } from '../../rules/settle.ts';
import { splitKey } from '../split-key.ts';
import { bulkInsert } from './bulk-insert.ts';
import { callbackSaver } from './save-callbacks.ts';

/** Writes what `judgeSettle` decided. */
export function settleSaver(db: DatabaseSync): (writes: SettleWrites, node: string | null, now: number) => void {
  const delivery = db.prepare(
    `UPDATE deliveries SET state = ?, node = ?, carrier = ?, tries = ?, parts = ?, parts_delivered = ?, settled = ?, reason = ?,
       handovers = CASE WHEN ? THEN 0 ELSE handovers END, due_at = CASE WHEN ? THEN NULL ELSE coalesce(?, due_at) END, submitted_at = coalesce(?, submitted_at),
       final_at = coalesce(?, final_at)
     WHERE account_id = ? AND id = ?`,
  );
  // An outcome that is reported again after a commit of unknown fate finds its rows in place.
  const attempt = bulkInsert(
    db,
    'INSERT INTO attempts (account_id, delivery_id, n, part, carrier, outcome, code, message_id, at)',
    '(?, ?, ?, ?, ?, ?, ?, ?, ?)',
    'ON CONFLICT DO NOTHING',
  );
  const part = db.prepare(
    `UPDATE attempts SET receipt = ?, receipt_code = ?, receipt_at = ?
     WHERE account_id = ? AND delivery_id = ? AND n = ? AND part = ?`,
  );
  const end = bulkInsert(
    db,
    'INSERT INTO credit_entries (account_id, subject, phase, kind, pool, amount, at)',
    '(?, ?, 1, ?, ?, ?, ?)',
  );
  const balance = db.prepare('UPDATE balances SET held = ?, captured = ? WHERE account_id = ? AND pool = ?');
  const park = db.prepare(
    `INSERT INTO parked_receipts (carrier, message_id, state, code, at, received_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET state = excluded.state, code = excluded.code, at = excluded.at,
       received_at = excluded.received_at`,
  );
  const unpark = db.prepare('DELETE FROM parked_receipts WHERE carrier = ? AND message_id = ?');
  const call = db.prepare(
    `UPDATE calls SET ringing_at = ?, answered_at = ?, ended_at = ?, outcome = ?, sip_status = ?, sip_reason = ?, cause = ?, replays = ?
     WHERE account_id = ? AND id = ?`,
  );
  const callback = callbackSaver(db);

  const nudge = db.prepare(
    `UPDATE verifications SET due_at = ? WHERE id = ? AND account_id = ? AND state = 'pending' AND due_at > ?`,
  );

  return (writes, node, now) => {
    const tried = new Set(writes.attempts.map((one) => deliveryKey(one.accountId, one.deliveryId)));
    for (const [key, { row, reason, dueAt, submittedAt, finalAt }] of writes.deliveries) {
      delivery.run(
        row.state,
        row.node,
        row.carrier,
        row.tries,
        row.parts,
        row.partsDelivered,
        row.settled ? 1 : 0,
        reason,
        tried.has(key) ? 1 : 0,
        finalAt === null ? 0 : 1,
        dueAt,
        submittedAt,
        finalAt,
        row.accountId,
        row.id,
      );
    }
    attempt(writes.attempts.flatMap(triesOf));
    for (const { accountId, deliveryId, n, part: number, receipt, code, at } of writes.parts.values()) {
      part.run(receipt, code, at, accountId, deliveryId, n, number);
    }
    end(writes.credits.map((one) => [one.accountId, one.deliveryId, one.kind, one.pool, one.amount, one.at]));
    for (const [key, { held, captured }] of writes.balances) balance.run(held, captured, ...splitKey(key));
    for (const { carrier, messageId, state, code, at } of writes.park)
      park.run(carrier, messageId, state, code, at, now);
    for (const key of writes.unpark) unpark.run(...splitKey(key));
    for (const { accountId, deliveryId, record } of writes.calls) {
      const { ringingAt, answeredAt, endedAt, outcome, sipStatus, sipReason, cause, replays } = record;
      call.run(ringingAt, answeredAt, endedAt, outcome, sipStatus, sipReason, cause, replays, accountId, deliveryId);
    }
    callback(writes.callbacks, node);
    for (const { accountId, id } of writes.nudges) nudge.run(now, id, accountId, now);
  };
}

/** One row for each part of a try. */
function triesOf({ accountId, deliveryId, attempt, at }: Outcome): (string | number | null)[][] {
  if (attempt === null) return [];
  const { n, carrier, parts } = attempt;
  return parts.map(({ part, outcome, code, messageId }) => {
    return [accountId, deliveryId, n, part, carrier, outcome, code, messageId, at];
  });
}
