import type { AcceptRequest, AcceptWrites } from '../../rules/accept.ts';
import type { VerificationRow } from '../../rules/verification.ts';
import { countIn, type NewOtp } from '../counts.ts';
import { type NewCall, newCalls } from '../new-calls.ts';
import { newVerifications, ownContent } from '../new-verifications.ts';
import { bigints, integers, smallints, texts, uuids } from './binary-array.ts';
import type { Behind, Connection } from './connections.ts';
import { owned } from './owned.ts';
import { saveVerifications } from './save-verified.ts';

/** The rows of every accepted send (delivery with its node, hold, and its otp unless it has one) in one statement. */
const INSERTS = {
  name: 'accept inserts',
  text: `WITH batch AS MATERIALIZED (
      SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[],
        $10::text[], $11::text[], $12::text[], $13::text[], $14::integer[], $15::bigint[], $16::bigint[], $17::bigint[],
        $18::text[], $19::bigint[], $20::integer[], $21::bigint[], $22::smallint[], $23::smallint[], $24::text[], $25::text[], $26::bigint[])
      AS t (account_id, otp_id, delivery_id, dialect, mode, channel, number, number_digest, number_sealed, content_sealed,
        code_digest, options, max_attempts, created_at, expires_at, keep_content_until, pool, credits, segments, ordinal, callback,
        verification, via, own_content, send_until)
    ), otp AS (
      INSERT INTO otps (account_id, id, ordinal, delivery_id, dialect, mode, channel, number, number_digest, number_sealed,
        content_sealed, code_digest, options, max_attempts, created_at, expires_at, keep_content_until)
      SELECT account_id, otp_id, ordinal, delivery_id, dialect, mode, channel, number, number_digest, number_sealed,
        content_sealed, code_digest, options, max_attempts, created_at, expires_at, keep_content_until FROM batch
      WHERE ordinal IS NOT NULL
    ), delivery AS (
      INSERT INTO deliveries (account_id, id, otp_id, channel, pool, credits, segments, state, node, tries, handovers, parts,
        parts_delivered, settled, callback, created_at, expires_at, verification, via, content_sealed)
      SELECT account_id, delivery_id, otp_id, channel, pool, credits, segments, 'queued', $1, 0, 0, 0, 0, 0, callback, created_at,
        send_until, verification, via, own_content FROM batch
    )
    INSERT INTO credit_entries (account_id, subject, phase, kind, pool, amount, at)
    SELECT account_id, delivery_id, 0, 'hold', pool, credits, created_at FROM batch`,
};
const CALLS = {
  name: 'accept calls',
  text: `INSERT INTO calls (account_id, id, otp_id, created_at, caller, anonymous, instruction_id, spoken_ms, callback_sealed, warnings)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::smallint[], $7::text[], $8::integer[],
      $9::text[], $10::text[])`,
};
const VERIFICATIONS = {
  name: 'accept verifications',
  text: `INSERT INTO verifications (account_id, id, mode, dialect, number_digest, state, failures, max_attempts, code_digest, created_at,
      expires_at, delivery_id, sends, last_sent_at, steps, step, due_at, ip_digest, callback, callback_sealed, metadata, warnings)
    SELECT account_id, id, mode, dialect, number_digest, 'pending', 0, max_attempts, code_digest, created_at, expires_at, delivery_id, 1,
      created_at, steps, 0, due_at, ip_digest, callback, callback_sealed, metadata, warnings
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::bigint[], $9::bigint[],
      $10::uuid[], $11::text[], $12::bigint[], $13::text[], $14::smallint[], $15::text[], $16::text[], $17::text[])
      AS new (account_id, id, mode, dialect, number_digest, max_attempts, code_digest, created_at, expires_at, delivery_id, steps, due_at,
        ip_digest, callback, callback_sealed, metadata, warnings)`,
};
const NEWEST = {
  name: 'accept newest deliveries',
  text: `UPDATE otps SET delivery_id = new.delivery_id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS new (account_id, id, delivery_id)
    WHERE otps.account_id = new.account_id AND otps.id = new.id`,
};
const BALANCES = {
  name: 'accept save balances',
  text: `UPDATE balances SET held = new.held FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS new (account_id, pool, held)
    WHERE balances.account_id = new.account_id AND balances.pool = new.pool`,
};
const COUNTERS = {
  name: 'accept save counters',
  text: `INSERT INTO counters (account_id, name, value) SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[])
    ON CONFLICT (account_id, name) DO UPDATE SET value = counters.value + excluded.value`,
};
const LIMITS = {
  name: 'accept save limits',
  text: `INSERT INTO limits (account_id, subject, tats, expires_at)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[])
    ON CONFLICT (account_id, subject) DO UPDATE SET tats = excluded.tats, expires_at = excluded.expires_at`,
};
const REPLAYS = {
  name: 'accept save replays',
  text: `INSERT INTO idempotency (account_id, key, body_digest, otp_id, delivery_id, number, answer_sealed, keep_until)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::bigint[], $7::text[], $8::bigint[])
    ON CONFLICT (account_id, key) DO UPDATE SET body_digest = excluded.body_digest, otp_id = excluded.otp_id,
      delivery_id = excluded.delivery_id, number = excluded.number, answer_sealed = excluded.answer_sealed, verdict = NULL,
      keep_until = excluded.keep_until`,
};

/** Sends the writes of what `judgeAccept` decided. */
export function saveAccept(
  connection: Connection,
  behind: Behind,
  { inserts, balances, limits, replays, verifications }: AcceptWrites,
  made: ReadonlyMap<string, number>,
  node: string,
  now: number,
): void {
  const { sends, otps, increments } = countIn(inserts, made);
  behind(connection.query(INSERTS, insertColumns(sends, otps, node)));
  const calls = newCalls(sends);
  if (calls.length > 0) behind(connection.query(CALLS, callColumns(calls)));
  const starts = newVerifications(otps);
  if (starts.length > 0) behind(connection.query(VERIFICATIONS, verificationColumns(starts)));
  if (verifications.size > 0) {
    const rows = [...verifications.values()];
    saveVerifications(connection, behind, rows, now);
    behind(connection.query(NEWEST, newestColumns(rows)));
  }
  const held = bigints([...balances.values()].map((balance) => balance.held));
  behind(connection.query(BALANCES, [...owned(balances), held]));
  behind(connection.query(COUNTERS, [...owned(increments), bigints([...increments.values()])]));
  if (limits.size > 0) {
    const rows = [...limits.values()];
    const tats = texts(rows.map((row) => JSON.stringify(row.tats)));
    behind(connection.query(LIMITS, [...owned(limits), tats, bigints(rows.map((row) => row.expiresAt))]));
  }
  if (replays.size > 0) {
    const rows = [...replays.values()];
    const columns = [
      texts(rows.map((row) => row.bodyDigest)),
      uuids(rows.map((row) => row.otpId)),
      uuids(rows.map((row) => row.deliveryId)),
      bigints(rows.map((row) => row.number)),
      texts(rows.map((row) => row.answerSealed)),
      bigints(rows.map((row) => row.keepUntil)),
    ];
    behind(connection.query(REPLAYS, [...owned(replays), ...columns]));
  }
}

function insertColumns(
  requests: readonly AcceptRequest[],
  otps: readonly NewOtp[],
  node: string,
): readonly (string | Buffer)[] {
  const made = new Map(otps.map((otp) => [otp.request, otp]));
  return [
    node,
    uuids(requests.map((one) => one.accountId)),
    uuids(requests.map((one) => one.otpId)),
    uuids(requests.map((one) => one.deliveryId)),
    texts(requests.map((one) => one.dialect)),
    texts(requests.map((one) => one.mode)),
    texts(requests.map((one) => one.channel)),
    bigints(requests.map((one) => made.get(one)?.number ?? null)),
    texts(requests.map((one) => one.numberDigest)),
    texts(requests.map((one) => one.numberSealed)),
    texts(requests.map((one) => one.contentSealed)),
    // A code that is checked here is kept beside its count.
    texts(requests.map((one) => (one.verification === null ? one.codeDigest : null))),
    texts(requests.map((one) => one.options)),
    integers(requests.map((one) => one.maxAttempts)),
    bigints(requests.map((one) => one.createdAt)),
    bigints(requests.map((one) => one.expiresAt)),
    bigints(requests.map((one) => one.keepContentUntil)),
    texts(requests.map((one) => one.pool)),
    bigints(requests.map((one) => one.credits)),
    integers(requests.map((one) => one.segments)),
    bigints(requests.map((one) => made.get(one)?.ordinal ?? null)),
    smallints(requests.map((one) => (one.callback ? 1 : 0))),
    smallints(requests.map((one) => (one.verification === null ? 0 : 1))),
    texts(requests.map((one) => one.via)),
    texts(requests.map(ownContent)),
    bigints(requests.map((one) => one.sendUntil)),
  ];
}

function verificationColumns(starts: ReturnType<typeof newVerifications>): readonly Buffer[] {
  const requests = starts.map(({ request }) => request);
  return [
    uuids(requests.map((one) => one.accountId)),
    uuids(requests.map((one) => one.otpId)),
    texts(requests.map((one) => one.mode)),
    texts(requests.map((one) => one.dialect)),
    texts(requests.map((one) => one.numberDigest)),
    integers(requests.map((one) => one.maxAttempts)),
    texts(requests.map((one) => one.codeDigest)),
    bigints(requests.map((one) => one.createdAt)),
    bigints(requests.map((one) => one.expiresAt)),
    uuids(requests.map((one) => one.deliveryId)),
    texts(starts.map(({ start }) => JSON.stringify(start.steps))),
    bigints(starts.map(({ start }) => start.dueAt)),
    texts(starts.map(({ start }) => start.ipDigest)),
    smallints(starts.map(({ start }) => (start.callback ? 1 : 0))),
    texts(starts.map(({ start }) => start.callbackSealed)),
    texts(starts.map(({ start }) => start.metadata)),
    texts(starts.map(({ start }) => start.warnings)),
  ];
}

function newestColumns(rows: readonly VerificationRow[]): readonly Buffer[] {
  return [
    uuids(rows.map((row) => row.accountId)),
    uuids(rows.map((row) => row.id)),
    uuids(rows.map((row) => row.deliveryId)),
  ];
}

function callColumns(calls: readonly NewCall[]): readonly Buffer[] {
  return [
    uuids(calls.map((one) => one.accountId)),
    uuids(calls.map((one) => one.id)),
    uuids(calls.map((one) => one.otpId)),
    bigints(calls.map((one) => one.createdAt)),
    texts(calls.map((one) => one.caller)),
    smallints(calls.map((one) => (one.anonymous ? 1 : 0))),
    texts(calls.map((one) => one.instructionId)),
    integers(calls.map((one) => one.spokenMs)),
    texts(calls.map((one) => one.callbackSealed)),
    texts(calls.map((one) => JSON.stringify(one.warnings))),
  ];
}
