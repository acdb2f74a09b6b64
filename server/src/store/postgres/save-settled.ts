import type { AttemptPart, Outcome } from '../../rules/outcome.ts';
import { deliveryKey, type PartChange, type SettleWrites } from '../../rules/settle.ts';
import { splitKey } from '../split-key.ts';
import { bigints, booleans, integers, smallints, texts, uuids } from './binary-array.ts';
import type { Behind, Connection, Statement } from './connections.ts';
import { saveCallbacks } from './save-callbacks.ts';

const DELIVERIES = {
  name: 'settle save deliveries',
  text: `UPDATE deliveries d SET state = new.state, node = new.node, carrier = new.carrier, tries = new.tries, parts = new.parts,
      parts_delivered = new.parts_delivered, settled = new.settled, reason = new.reason,
      handovers = CASE WHEN new.tried THEN 0 ELSE d.handovers END,
      due_at = CASE WHEN new.final_at IS NULL THEN coalesce(new.due_at, d.due_at) END,
      submitted_at = coalesce(new.submitted_at, d.submitted_at), final_at = coalesce(new.final_at, d.final_at)
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::integer[], $8::integer[],
      $9::smallint[], $10::text[], $11::boolean[], $12::bigint[], $13::bigint[], $14::bigint[])
      AS new (account_id, id, state, node, carrier, tries, parts, parts_delivered, settled, reason, tried, due_at, submitted_at,
        final_at)
    WHERE d.account_id = new.account_id AND d.id = new.id`,
};
// An outcome that is reported again after a commit of unknown fate finds its rows in place.
const ATTEMPTS = {
  name: 'settle save attempts',
  text: `INSERT INTO attempts (account_id, delivery_id, n, part, carrier, outcome, code, message_id, at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::integer[], $8::text[],
      $9::bigint[])
    ON CONFLICT DO NOTHING`,
};
const PARTS = {
  name: 'settle save parts',
  text: `UPDATE attempts a SET receipt = new.receipt, receipt_code = new.code, receipt_at = new.at
    FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::bigint[])
      AS new (account_id, delivery_id, n, part, receipt, code, at)
    WHERE a.account_id = new.account_id AND a.delivery_id = new.delivery_id AND a.n = new.n AND a.part = new.part`,
};
const ENDS = {
  name: 'settle save ends',
  text: `INSERT INTO credit_entries (account_id, subject, phase, kind, pool, amount, at)
    SELECT account_id, subject, 1, kind, pool, amount, at
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
      AS new (account_id, subject, kind, pool, amount, at)`,
};
const BALANCES = {
  name: 'settle save balances',
  text: `UPDATE balances SET held = new.held, captured = new.captured
    FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) AS new (account_id, pool, held, captured)
    WHERE balances.account_id = new.account_id AND balances.pool = new.pool`,
};
const CALLS = {
  name: 'settle save calls',
  text: `UPDATE calls c SET ringing_at = new.ringing_at, answered_at = new.answered_at, ended_at = new.ended_at, outcome = new.outcome,
      sip_status = new.sip_status, sip_reason = new.sip_reason, cause = new.cause, replays = new.replays
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::integer[], $8::text[],
      $9::integer[], $10::integer[])
      AS new (account_id, id, ringing_at, answered_at, ended_at, outcome, sip_status, sip_reason, cause, replays)
    WHERE c.account_id = new.account_id AND c.id = new.id`,
};
const NUDGES = {
  name: 'settle nudges',
  // Locked in one order on every node, as checks lock them.
  text: `WITH nudged AS (
      SELECT account_id, id FROM verifications JOIN unnest($1::uuid[], $2::uuid[]) AS failed (account_id, id) USING (account_id, id)
      WHERE state = 'pending' AND due_at > $3::bigint ORDER BY account_id, id FOR NO KEY UPDATE OF verifications
    )
    UPDATE verifications v SET due_at = $3::bigint FROM nudged WHERE v.account_id = nudged.account_id AND v.id = nudged.id`,
};
const PARK = {
  name: 'settle park',
  text: `INSERT INTO parked_receipts (carrier, message_id, state, code, at, received_at)
    SELECT carrier, message_id, state, code, at, $6
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) AS new (carrier, message_id, state, code, at)
    ON CONFLICT (carrier, message_id) DO UPDATE SET state = excluded.state, code = excluded.code, at = excluded.at,
      received_at = excluded.received_at`,
};
const UNPARK = {
  name: 'settle unpark',
  text: `DELETE FROM parked_receipts USING unnest($1::text[], $2::text[]) AS old (carrier, message_id)
    WHERE parked_receipts.carrier = old.carrier AND parked_receipts.message_id = old.message_id`,
};

/** Sends the writes of what `judgeSettle` decided: only the statements that have rows. */
export function saveSettled(
  connection: Connection,
  behind: Behind,
  writes: SettleWrites,
  node: string | null,
  now: number,
): void {
  const send = (statement: Statement, values: readonly unknown[]) => behind(connection.query(statement, values));
  const { deliveries, attempts, parts, credits, balances, park, unpark, calls, callbacks, nudges } = writes;
  if (deliveries.size > 0) send(DELIVERIES, deliveryColumns(writes));
  const tries = attempts.flatMap(triesOf);
  if (tries.length > 0) send(ATTEMPTS, attemptColumns(tries));
  // After the attempts: a receipt may be for a part that this very batch submitted.
  if (parts.size > 0) send(PARTS, partColumns([...parts.values()]));
  if (credits.length > 0) send(ENDS, endColumns(credits));
  if (balances.size > 0) {
    const rows = [...balances.values()];
    const [accounts, pools] = keyColumns([...balances.keys()]);
    const ends = [bigints(rows.map(({ held }) => held)), bigints(rows.map(({ captured }) => captured))];
    send(BALANCES, [uuids(accounts), texts(pools), ...ends]);
  }
  if (park.length > 0) send(PARK, [...parkColumns(park), now]);
  if (unpark.length > 0) send(UNPARK, keyColumns(unpark).map(texts));
  if (calls.length > 0) send(CALLS, callColumns(calls));
  if (nudges.length > 0) send(NUDGES, [...nudgeColumns(nudges), now]);
  saveCallbacks(connection, behind, callbacks, node);
}

function nudgeColumns(nudges: SettleWrites['nudges']): readonly Buffer[] {
  return [uuids(nudges.map((one) => one.accountId)), uuids(nudges.map((one) => one.id))];
}

function endColumns(credits: SettleWrites['credits']): readonly Buffer[] {
  return [
    uuids(credits.map((one) => one.accountId)),
    uuids(credits.map((one) => one.deliveryId)),
    texts(credits.map((one) => one.kind)),
    texts(credits.map((one) => one.pool)),
    bigints(credits.map((one) => one.amount)),
    bigints(credits.map((one) => one.at)),
  ];
}

/** The last record of each call: one statement must not change a row twice. */
function callColumns(changes: SettleWrites['calls']): readonly Buffer[] {
  const last = new Map(changes.map((one) => [deliveryKey(one.accountId, one.deliveryId), one]));
  const rows = [...last.values()];
  const records = rows.map(({ record }) => record);
  return [
    uuids(rows.map((one) => one.accountId)),
    uuids(rows.map((one) => one.deliveryId)),
    bigints(records.map((one) => one.ringingAt)),
    bigints(records.map((one) => one.answeredAt)),
    bigints(records.map((one) => one.endedAt)),
    texts(records.map((one) => one.outcome)),
    integers(records.map((one) => one.sipStatus)),
    texts(records.map((one) => one.sipReason)),
    integers(records.map((one) => one.cause)),
    integers(records.map((one) => one.replays)),
  ];
}

function parkColumns(park: SettleWrites['park']): readonly Buffer[] {
  return [
    texts(park.map((one) => one.carrier)),
    texts(park.map((one) => one.messageId)),
    texts(park.map((one) => one.state)),
    texts(park.map((one) => one.code)),
    bigints(park.map((one) => one.at)),
  ];
}

function deliveryColumns({ deliveries, attempts }: SettleWrites): readonly Buffer[] {
  const tried = new Set(attempts.map(({ accountId, deliveryId }) => deliveryKey(accountId, deliveryId)));
  const changes = [...deliveries.values()];
  const rows = changes.map(({ row }) => row);
  return [
    uuids(rows.map((row) => row.accountId)),
    uuids(rows.map((row) => row.id)),
    texts(rows.map((row) => row.state)),
    texts(rows.map((row) => row.node)),
    texts(rows.map((row) => row.carrier)),
    integers(rows.map((row) => row.tries)),
    integers(rows.map((row) => row.parts)),
    integers(rows.map((row) => row.partsDelivered)),
    smallints(rows.map((row) => (row.settled ? 1 : 0))),
    texts(changes.map(({ reason }) => reason)),
    booleans([...deliveries.keys()].map((key) => tried.has(key))),
    bigints(changes.map(({ dueAt }) => dueAt)),
    bigints(changes.map(({ submittedAt }) => submittedAt)),
    bigints(changes.map(({ finalAt }) => finalAt)),
  ];
}

interface Try extends AttemptPart {
  readonly accountId: string;
  readonly deliveryId: string;
  readonly n: number;
  readonly carrier: string;
  readonly at: number;
}

function triesOf({ accountId, deliveryId, at, attempt }: Outcome): Try[] {
  if (attempt === null) return [];
  const { n, carrier } = attempt;
  return attempt.parts.map((part) => ({ ...part, accountId, deliveryId, n, carrier, at }));
}

function attemptColumns(tries: readonly Try[]): readonly Buffer[] {
  return [
    uuids(tries.map((one) => one.accountId)),
    uuids(tries.map((one) => one.deliveryId)),
    integers(tries.map((one) => one.n)),
    integers(tries.map((one) => one.part)),
    texts(tries.map((one) => one.carrier)),
    texts(tries.map((one) => one.outcome)),
    integers(tries.map((one) => one.code)),
    texts(tries.map((one) => one.messageId)),
    bigints(tries.map((one) => one.at)),
  ];
}

function partColumns(parts: readonly PartChange[]): readonly Buffer[] {
  return [
    uuids(parts.map((one) => one.accountId)),
    uuids(parts.map((one) => one.deliveryId)),
    integers(parts.map((one) => one.n)),
    integers(parts.map((one) => one.part)),
    texts(parts.map((one) => one.receipt)),
    texts(parts.map((one) => one.code)),
    bigints(parts.map((one) => one.at)),
  ];
}

/** The two columns that keys stand for. */
function keyColumns(keys: readonly string[]): [first: string[], rest: string[]] {
  const split = keys.map(splitKey);
  return [split.map(([first]) => first), split.map(([, rest]) => rest)];
}
