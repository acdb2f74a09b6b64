import type { AcceptWrites } from '../../rules/accept.ts';
import { countIn, type NewOtp } from '../counts.ts';
import { type NewCall, newCalls } from '../new-calls.ts';
import { splitKey } from '../split-key.ts';
import { bigints, integers, smallints, texts, uuids } from './binary-array.ts';
import type { Behind, Connection } from './connections.ts';

/** The rows of every accepted send (otp, delivery with its node, hold) in one statement. */
const INSERTS = {
  name: 'accept inserts',
  text: `WITH batch AS MATERIALIZED (
      SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[],
        $10::text[], $11::text[], $12::text[], $13::text[], $14::integer[], $15::bigint[], $16::bigint[], $17::bigint[],
        $18::text[], $19::bigint[], $20::integer[], $21::bigint[], $22::smallint[])
      AS t (account_id, otp_id, delivery_id, dialect, mode, channel, number, number_digest, number_sealed, content_sealed,
        code_digest, options, max_attempts, created_at, expires_at, keep_content_until, pool, credits, segments, ordinal, callback)
    ), otp AS (
      INSERT INTO otps (account_id, id, ordinal, delivery_id, dialect, mode, channel, number, number_digest, number_sealed,
        content_sealed, code_digest, options, max_attempts, created_at, expires_at, keep_content_until)
      SELECT account_id, otp_id, ordinal, delivery_id, dialect, mode, channel, number, number_digest, number_sealed,
        content_sealed, code_digest, options, max_attempts, created_at, expires_at, keep_content_until FROM batch
    ), delivery AS (
      INSERT INTO deliveries (account_id, id, otp_id, channel, pool, credits, segments, state, node, tries, handovers, parts,
        parts_delivered, settled, callback, created_at, expires_at)
      SELECT account_id, delivery_id, otp_id, channel, pool, credits, segments, 'queued', $1, 0, 0, 0, 0, 0, callback, created_at,
        expires_at FROM batch
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
  text: `INSERT INTO idempotency (account_id, key, body_digest, otp_id, delivery_id, number, keep_until)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::bigint[], $7::bigint[])
    ON CONFLICT (account_id, key) DO UPDATE SET body_digest = excluded.body_digest, otp_id = excluded.otp_id,
      delivery_id = excluded.delivery_id, number = excluded.number, answer_sealed = NULL, keep_until = excluded.keep_until`,
};

/** Sends the writes of what `judgeAccept` decided. */
export function saveAccept(
  connection: Connection,
  behind: Behind,
  { inserts, balances, limits, replays }: AcceptWrites,
  made: ReadonlyMap<string, number>,
  node: string,
): void {
  const { otps, increments } = countIn(inserts, made);
  behind(connection.query(INSERTS, insertColumns(otps, node)));
  const calls = newCalls(otps);
  if (calls.length > 0) behind(connection.query(CALLS, callColumns(calls)));
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
      bigints(rows.map((row) => row.keepUntil)),
    ];
    behind(connection.query(REPLAYS, [...owned(replays), ...columns]));
  }
}

function insertColumns(otps: readonly NewOtp[], node: string): readonly (string | Buffer)[] {
  const requests = otps.map(({ request }) => request);
  return [
    node,
    uuids(requests.map((one) => one.accountId)),
    uuids(requests.map((one) => one.otpId)),
    uuids(requests.map((one) => one.deliveryId)),
    texts(requests.map((one) => one.dialect)),
    texts(requests.map((one) => one.mode)),
    texts(requests.map((one) => one.channel)),
    bigints(otps.map(({ number }) => number)),
    texts(requests.map((one) => one.numberDigest)),
    texts(requests.map((one) => one.numberSealed)),
    texts(requests.map((one) => one.contentSealed)),
    texts(requests.map((one) => one.codeDigest)),
    texts(requests.map((one) => one.options)),
    integers(requests.map((one) => one.maxAttempts)),
    bigints(requests.map((one) => one.createdAt)),
    bigints(requests.map((one) => one.expiresAt)),
    bigints(requests.map((one) => one.keepContentUntil)),
    texts(requests.map((one) => one.pool)),
    bigints(requests.map((one) => one.credits)),
    integers(requests.map((one) => one.segments)),
    bigints(otps.map(({ ordinal }) => ordinal)),
    smallints(requests.map((one) => (one.callback ? 1 : 0))),
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

/** The two columns that the keys of a map stand for. */
function owned(rows: ReadonlyMap<string, unknown>): [accounts: Buffer, rest: Buffer] {
  const keys = [...rows.keys()].map(splitKey);
  return [uuids(keys.map(([account]) => account)), texts(keys.map(([, rest]) => rest))];
}
