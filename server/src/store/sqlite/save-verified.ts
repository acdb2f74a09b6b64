import type { DatabaseSync } from 'node:sqlite';
import { FAILURE_WINDOW_MS } from '../../rules/failures.ts';
import type { VerificationRow } from '../../rules/verification.ts';
import type { VerifyState, VerifyWrites } from '../../rules/verify.ts';
import { splitKey } from '../split-key.ts';
import { truth } from '../verification-rows.ts';
import { callbackSaver } from './save-callbacks.ts';

/** Writes what became of verifications: one that has ended loses its code for good. */
export function verificationSaver(db: DatabaseSync): (row: VerificationRow, now: number) => void {
  const changed = db.prepare(
    `UPDATE verifications SET failures = ?, delivery_id = ?, sends = ?, last_sent_at = ?, steps = ?, step = ?, due_at = ?,
       converted = ?
     WHERE id = ? AND account_id = ?`,
  );
  const ended = db.prepare(
    `UPDATE verifications SET state = ?, failures = ?, converted = ?, due_at = NULL, code_digest = NULL, final_at = coalesce(final_at, ?)
     WHERE id = ? AND account_id = ?`,
  );
  return (row, now) => {
    const { accountId, id, state, failures, converted } = row;
    if (state !== 'pending') ended.run(state, failures, truth(converted), now, id, accountId);
    else {
      const { deliveryId, sends, lastSentAt, step, dueAt } = row;
      const steps = JSON.stringify(row.steps);
      changed.run(failures, deliveryId, sends, lastSentAt, steps, step, dueAt, truth(converted), id, accountId);
    }
  };
}

/** Writes what `judgeVerify` decided. */
export function verifySaver(
  db: DatabaseSync,
): (writes: VerifyWrites, before: VerifyState['verifications'], node: string, now: number) => void {
  const verification = verificationSaver(db);
  // What most checks come to: it touches no index.
  const counted = db.prepare('UPDATE verifications SET failures = ? WHERE id = ? AND account_id = ?');
  const failure = db.prepare(
    `INSERT INTO failures (account_id, subject, times, expires_at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET times = excluded.times, expires_at = excluded.expires_at`,
  );
  const replay = db.prepare(
    `INSERT INTO idempotency (account_id, key, body_digest, otp_id, verdict, keep_until) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET body_digest = excluded.body_digest, otp_id = excluded.otp_id, delivery_id = NULL, number = NULL,
       answer_sealed = NULL, verdict = excluded.verdict, keep_until = excluded.keep_until`,
  );
  const callback = callbackSaver(db);
  return ({ verifications, failures, replays, callbacks }, before, node, now) => {
    for (const [key, row] of verifications) {
      if (isMereCount(row, before.get(key))) counted.run(row.failures, row.id, row.accountId);
      else verification(row, now);
    }
    for (const [key, times] of failures) {
      failure.run(...splitKey(key), JSON.stringify(times), (times.at(-1) ?? now) + FAILURE_WINDOW_MS);
    }
    for (const [key, { bodyDigest, id, result, keepUntil }] of replays) {
      replay.run(...splitKey(key), bodyDigest, id, JSON.stringify(result), keepUntil);
    }
    callback(callbacks, node);
  };
}

/** Whether a check did no more to it than count. */
function isMereCount(row: VerificationRow, before: VerificationRow | undefined): boolean {
  if (before === undefined) return false;
  return row.state === before.state && row.dueAt === before.dueAt && row.converted === before.converted;
}
