import { FAILURE_WINDOW_MS } from '../../rules/failures.ts';
import type { VerificationRow } from '../../rules/verification.ts';
import type { VerifyWrites } from '../../rules/verify.ts';
import { truth } from '../verification-rows.ts';
import { bigints, integers, smallints, texts, uuids } from './binary-array.ts';
import type { Behind, Connection } from './connections.ts';
import { owned } from './owned.ts';
import { saveCallbacks } from './save-callbacks.ts';

/** One that has ended loses its code for good. */
const VERIFICATIONS = {
  name: 'verify save',
  text: `UPDATE verifications v SET state = new.state, failures = new.failures, delivery_id = new.delivery_id, sends = new.sends,
      last_sent_at = new.last_sent_at, steps = new.steps, step = new.step, due_at = new.due_at, converted = new.converted,
      code_digest = CASE WHEN new.state = 'pending' THEN v.code_digest END,
      final_at = CASE WHEN new.state <> 'pending' THEN coalesce(v.final_at, $1::bigint) END
    FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::integer[], $6::uuid[], $7::integer[], $8::bigint[], $9::text[],
      $10::integer[], $11::bigint[], $12::smallint[])
      AS new (account_id, id, state, failures, delivery_id, sends, last_sent_at, steps, step, due_at, converted)
    WHERE v.account_id = new.account_id AND v.id = new.id`,
};
const FAILURES = {
  name: 'verify save failures',
  text: `UPDATE failures f SET times = new.times, expires_at = new.expires_at
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) AS new (account_id, subject, times, expires_at)
    WHERE f.account_id = new.account_id AND f.subject = new.subject`,
};
const REPLAYS = {
  name: 'verify save replays',
  text: `INSERT INTO idempotency (account_id, key, body_digest, otp_id, verdict, keep_until)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::bigint[])
    ON CONFLICT (account_id, key) DO UPDATE SET body_digest = excluded.body_digest, otp_id = excluded.otp_id, delivery_id = NULL, number = NULL,
      answer_sealed = NULL, verdict = excluded.verdict, keep_until = excluded.keep_until`,
};

/** Sends the writes of what `judgeVerify` decided: only the statements that have rows. */
export function saveVerified(
  connection: Connection,
  behind: Behind,
  { verifications, failures, replays, callbacks }: VerifyWrites,
  node: string,
  now: number,
): void {
  saveVerifications(connection, behind, [...verifications.values()], now);
  if (failures.size > 0) {
    const times = [...failures.values()];
    const until = times.map((of) => (of.at(-1) ?? now) + FAILURE_WINDOW_MS);
    const columns = [texts(times.map((of) => JSON.stringify(of))), bigints(until)];
    behind(connection.query(FAILURES, [...owned(failures), ...columns]));
  }
  if (replays.size > 0) {
    const rows = [...replays.values()];
    const columns = [
      texts(rows.map((row) => row.bodyDigest)),
      uuids(rows.map((row) => row.id)),
      texts(rows.map((row) => JSON.stringify(row.result))),
      bigints(rows.map((row) => row.keepUntil)),
    ];
    behind(connection.query(REPLAYS, [...owned(replays), ...columns]));
  }
  saveCallbacks(connection, behind, callbacks, node);
}

/** Writes rows as the rules have changed them. */
export function saveVerifications(
  connection: Connection,
  behind: Behind,
  rows: readonly VerificationRow[],
  now: number,
): void {
  if (rows.length === 0) return;
  const columns = [
    uuids(rows.map((row) => row.accountId)),
    uuids(rows.map((row) => row.id)),
    texts(rows.map((row) => row.state)),
    integers(rows.map((row) => row.failures)),
    uuids(rows.map((row) => row.deliveryId)),
    integers(rows.map((row) => row.sends)),
    bigints(rows.map((row) => row.lastSentAt)),
    texts(rows.map((row) => JSON.stringify(row.steps))),
    integers(rows.map((row) => row.step)),
    bigints(rows.map((row) => row.dueAt)),
    smallints(rows.map((row) => truth(row.converted))),
  ];
  behind(connection.query(VERIFICATIONS, [now, ...columns]));
}
