import type { DatabaseSync } from 'node:sqlite';
import type { AcceptRequest, AcceptWrites } from '../../rules/accept.ts';
import { countIn, type NewOtp } from '../counts.ts';
import { newCalls } from '../new-calls.ts';
import { newVerifications, ownContent } from '../new-verifications.ts';
import { splitKey } from '../split-key.ts';
import { bulkInsert } from './bulk-insert.ts';
import type { Loaded } from './load-accept.ts';
import { verificationSaver } from './save-verified.ts';

/** Writes what `judgeAccept` decided. */
export function acceptSaver(
  db: DatabaseSync,
): (writes: AcceptWrites, made: Loaded['made'], node: string, now: number) => void {
  const balance = db.prepare('UPDATE balances SET held = ? WHERE account_id = ? AND pool = ?');
  const count = bulkInsert(
    db,
    'INSERT INTO counters (account_id, name, value)',
    '(?, ?, ?)',
    'ON CONFLICT DO UPDATE SET value = value + excluded.value',
  );
  const limit = bulkInsert(db, 'INSERT INTO limits (account_id, subject, tats, expires_at)', '(?, ?, ?, ?)');
  const replay = bulkInsert(
    db,
    'INSERT INTO idempotency (account_id, key, body_digest, otp_id, delivery_id, number, answer_sealed, keep_until)',
    '(?, ?, ?, ?, ?, ?, ?, ?)',
    `ON CONFLICT DO UPDATE SET body_digest = excluded.body_digest, otp_id = excluded.otp_id,
       delivery_id = excluded.delivery_id, number = excluded.number, answer_sealed = excluded.answer_sealed, verdict = NULL,
       keep_until = excluded.keep_until`,
  );
  const insert = inserter(db);
  const changed = verificationSaver(db);
  const newest = db.prepare('UPDATE otps SET delivery_id = ? WHERE id = ? AND account_id = ?');
  return (writes, made, node, now) => {
    const { sends, otps, increments } = countIn(writes.inserts, made);
    insert(otps, sends, node);
    for (const [key, { held }] of writes.balances) balance.run(held, ...splitKey(key));
    count([...increments].map(([key, more]) => [...splitKey(key), more]));
    limit([...writes.limits].map(([key, { tats, expiresAt }]) => [...splitKey(key), JSON.stringify(tats), expiresAt]));
    replay(
      [...writes.replays].map(([key, { bodyDigest, otpId, deliveryId, number, answerSealed, keepUntil }]) => {
        return [...splitKey(key), bodyDigest, otpId, deliveryId, number, answerSealed, keepUntil];
      }),
    );
    for (const row of writes.verifications.values()) {
      changed(row, now);
      newest.run(row.deliveryId, row.id, row.accountId);
    }
  };
}

/** The rows of accepted sends: otp (with its verification), delivery (with its node), and the hold. */
function inserter(db: DatabaseSync): (otps: readonly NewOtp[], sends: readonly AcceptRequest[], node: string) => void {
  const intoOtps = bulkInsert(
    db,
    `INSERT INTO otps (account_id, id, ordinal, delivery_id, dialect, mode, channel, number, number_digest, number_sealed,
       content_sealed, code_digest, options, max_attempts, created_at, expires_at, keep_content_until)`,
    '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const intoDeliveries = bulkInsert(
    db,
    `INSERT INTO deliveries (account_id, id, otp_id, channel, pool, credits, segments, state, node, tries, handovers, parts,
       parts_delivered, settled, callback, created_at, expires_at, verification, via, content_sealed)`,
    "(?, ?, ?, ?, ?, ?, ?, 'queued', ?, 0, 0, 0, 0, 0, ?, ?, ?, ?, ?, ?)",
  );
  const intoCredits = bulkInsert(
    db,
    'INSERT INTO credit_entries (account_id, subject, phase, kind, pool, amount, at)',
    "(?, ?, 0, 'hold', ?, ?, ?)",
  );
  const intoCalls = bulkInsert(
    db,
    `INSERT INTO calls (account_id, id, otp_id, created_at, caller, anonymous, instruction_id, spoken_ms, callback_sealed, warnings)`,
    '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const intoVerifications = bulkInsert(
    db,
    `INSERT INTO verifications (account_id, id, mode, dialect, number_digest, state, failures, max_attempts, code_digest, created_at,
       expires_at, delivery_id, sends, last_sent_at, steps, step, due_at, ip_digest, callback, callback_sealed, metadata, warnings)`,
    "(?, ?, ?, ?, ?, 'pending', 0, ?, ?, ?, ?, ?, 1, ?, ?, 0, ?, ?, ?, ?, ?, ?)",
  );
  return (otps, sends, node) => {
    intoOtps(
      otps.map(({ request: one, number, ordinal }) => [
        one.accountId,
        one.otpId,
        ordinal,
        one.deliveryId,
        one.dialect,
        one.mode,
        one.channel,
        number,
        one.numberDigest,
        one.numberSealed,
        one.contentSealed,
        // A code that is checked here is kept beside its count.
        one.verification === null ? one.codeDigest : null,
        one.options,
        one.maxAttempts,
        one.createdAt,
        one.expiresAt,
        one.keepContentUntil,
      ]),
    );
    intoDeliveries(
      sends.map((one) => {
        const { accountId, deliveryId, otpId, channel, pool, credits, segments, createdAt, sendUntil, via } = one;
        const whatsLeft = [one.callback ? 1 : 0, createdAt, sendUntil, one.verification === null ? 0 : 1, via];
        return [accountId, deliveryId, otpId, channel, pool, credits, segments, node, ...whatsLeft, ownContent(one)];
      }),
    );
    intoCredits(sends.map((one) => [one.accountId, one.deliveryId, one.pool, one.credits, one.createdAt]));
    intoCalls(
      newCalls(sends).map(({ accountId, id, otpId, createdAt, ...call }) => {
        const { caller, anonymous, instructionId, spokenMs, callbackSealed, warnings } = call;
        const about = [caller, anonymous ? 1 : 0, instructionId, spokenMs, callbackSealed, JSON.stringify(warnings)];
        return [accountId, id, otpId, createdAt, ...about];
      }),
    );
    intoVerifications(
      newVerifications(otps).map(({ request: one, start }) => [
        ...[one.accountId, one.otpId, one.mode, one.dialect, one.numberDigest, one.maxAttempts, one.codeDigest],
        ...[one.createdAt, one.expiresAt, one.deliveryId, one.createdAt, JSON.stringify(start.steps), start.dueAt],
        ...[start.ipDigest, start.callback ? 1 : 0, start.callbackSealed, start.metadata, start.warnings],
      ]),
    );
  };
}
