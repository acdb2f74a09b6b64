import type { DatabaseSync } from 'node:sqlite';
import type { AcceptWrites } from '../../rules/accept.ts';
import { countIn, type NewOtp } from '../counts.ts';
import { newCalls } from '../new-calls.ts';
import { splitKey } from '../split-key.ts';
import { bulkInsert } from './bulk-insert.ts';
import type { Loaded } from './load-accept.ts';

/** Writes what `judgeAccept` decided. */
export function acceptSaver(db: DatabaseSync): (writes: AcceptWrites, made: Loaded['made'], node: string) => void {
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
    '(?, ?, ?, ?, ?, ?, NULL, ?)',
    `ON CONFLICT DO UPDATE SET body_digest = excluded.body_digest, otp_id = excluded.otp_id,
       delivery_id = excluded.delivery_id, number = excluded.number, answer_sealed = NULL, keep_until = excluded.keep_until`,
  );
  const insert = inserter(db);
  return (writes, made, node) => {
    const { otps, increments } = countIn(writes.inserts, made);
    insert(otps, node);
    for (const [key, { held }] of writes.balances) balance.run(held, ...splitKey(key));
    count([...increments].map(([key, more]) => [...splitKey(key), more]));
    limit([...writes.limits].map(([key, { tats, expiresAt }]) => [...splitKey(key), JSON.stringify(tats), expiresAt]));
    replay(
      [...writes.replays].map(([key, { bodyDigest, otpId, deliveryId, number, keepUntil }]) => {
        return [...splitKey(key), bodyDigest, otpId, deliveryId, number, keepUntil];
      }),
    );
  };
}

/** The rows of accepted sends: otp, delivery (with its node), and the hold. */
function inserter(db: DatabaseSync): (otps: readonly NewOtp[], node: string) => void {
  const intoOtps = bulkInsert(
    db,
    `INSERT INTO otps (account_id, id, ordinal, delivery_id, dialect, mode, channel, number, number_digest, number_sealed,
       content_sealed, code_digest, options, max_attempts, created_at, expires_at, keep_content_until)`,
    '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const intoDeliveries = bulkInsert(
    db,
    `INSERT INTO deliveries (account_id, id, otp_id, channel, pool, credits, segments, state, node, tries, handovers, parts,
       parts_delivered, settled, callback, created_at, expires_at)`,
    "(?, ?, ?, ?, ?, ?, ?, 'queued', ?, 0, 0, 0, 0, 0, ?, ?, ?)",
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
  return (otps, node) => {
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
        one.codeDigest,
        one.options,
        one.maxAttempts,
        one.createdAt,
        one.expiresAt,
        one.keepContentUntil,
      ]),
    );
    intoDeliveries(
      otps.map(({ request: one }) => {
        const { accountId, deliveryId, otpId, channel, pool, credits, segments, createdAt, expiresAt } = one;
        const callback = one.callback ? 1 : 0;
        return [accountId, deliveryId, otpId, channel, pool, credits, segments, node, callback, createdAt, expiresAt];
      }),
    );
    intoCredits(otps.map(({ request: one }) => [one.accountId, one.deliveryId, one.pool, one.credits, one.createdAt]));
    intoCalls(
      newCalls(otps).map(({ accountId, id, otpId, createdAt, ...call }) => {
        const { caller, anonymous, instructionId, spokenMs, callbackSealed, warnings } = call;
        const about = [caller, anonymous ? 1 : 0, instructionId, spokenMs, callbackSealed, JSON.stringify(warnings)];
        return [accountId, id, otpId, createdAt, ...about];
      }),
    );
  };
}
