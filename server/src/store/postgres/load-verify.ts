import { accountKey } from '../../rules/accept.ts';
import { FAILURE_WINDOW_MS } from '../../rules/failures.ts';
import type { VerificationRow } from '../../rules/verification.ts';
import type { VerifyReplayRow, VerifyRequest, VerifyResult, VerifyState } from '../../rules/verify.ts';
import { type RawVerification, VERIFICATION_COLUMNS, verificationOf } from '../verification-rows.ts';
import { bigints, texts, uuids } from './binary-array.ts';
import type { Connection, Statement } from './connections.ts';

// In one order on every node: verifications, then who failed checks count against, each by its key, so that two batches never wait for
// each other. A replay's request locks its verification too: of two at once, the second finds what the first one wrote.
const VERIFICATIONS = {
  name: 'verify load',
  text: `SELECT ${VERIFICATION_COLUMNS} FROM verifications JOIN unnest($1::uuid[], $2::uuid[]) AS wanted (account_id, id) USING (account_id, id)
    ORDER BY account_id, id FOR NO KEY UPDATE OF verifications`,
};
// A row that is not there cannot be locked, and the first failures of a number must wait for one another too.
const MAKE_FAILURES = {
  name: 'verify make failures',
  text: `INSERT INTO failures (account_id, subject, times, expires_at)
    SELECT account_id, subject, '[]', expires_at FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS new (account_id, subject, expires_at)
    ORDER BY account_id, subject ON CONFLICT DO NOTHING`,
};
const SEEN_FAILURES = {
  name: 'accept failures',
  text: `SELECT account_id, subject, times FROM failures JOIN unnest($1::uuid[], $2::text[]) AS wanted (account_id, subject)
      USING (account_id, subject)`,
};
const FAILURES = {
  name: 'verify failures',
  text: `${SEEN_FAILURES.text}
    ORDER BY account_id, subject FOR NO KEY UPDATE OF failures`,
};
const REPLAYS = {
  name: 'verify replays',
  text: `SELECT account_id, key, body_digest AS "bodyDigest", otp_id AS id, verdict, keep_until AS "keepUntil"
    FROM idempotency JOIN unnest($1::uuid[], $2::text[]) AS wanted (account_id, key) USING (account_id, key)`,
};

/** Locks what a batch touches, and reads it as the last holder of the locks left it. */
export async function loadVerify(
  connection: Connection,
  batch: readonly VerifyRequest[],
  now: number,
): Promise<VerifyState> {
  const [verifications, failures, replays] = await Promise.all([
    lockVerifications(connection, batch),
    lockFailures(connection, batch, now),
    loadReplays(connection, batch),
  ]);
  return { verifications, failures, replays };
}

/** Reads and locks verifications, in their order. */
export async function lockVerifications(
  connection: Connection,
  whose: readonly { readonly accountId: string; readonly id: string }[],
): Promise<ReadonlyMap<string, VerificationRow>> {
  const wanted = new Map(
    whose.map(({ accountId, id }): [string, Pair] => [accountKey(accountId, id), [accountId, id]]),
  );
  if (wanted.size === 0) return new Map();
  const pairs = [...wanted.values()];
  const { rows } = await connection.query<RawVerification & Record<string, unknown>>(VERIFICATIONS, [
    uuids(pairs.map(([account]) => account)),
    uuids(pairs.map(([, id]) => id)),
  ]);
  return new Map(rows.map((row) => [accountKey(row.accountId, row.id), verificationOf(row)]));
}

type Pair = readonly [account: string, rest: string];

/** Reads and locks what the batch's checks count against; a failed one's rows are made if they are missing. */
async function lockFailures(
  connection: Connection,
  batch: readonly VerifyRequest[],
  now: number,
): Promise<VerifyState['failures']> {
  const wanted = new Map<string, Pair>();
  const making = new Map<string, Pair>();
  for (const request of batch) {
    if (request.kind !== 'check') continue;
    for (const { subject } of request.failures) {
      const key = accountKey(request.accountId, subject);
      wanted.set(key, [request.accountId, subject]);
      if (!request.right) making.set(key, [request.accountId, subject]);
    }
  }
  for (;;) {
    const made =
      making.size > 0 &&
      connection.query(MAKE_FAILURES, [
        ...pairColumns(making),
        bigints([...making].map(() => now + FAILURE_WINDOW_MS)),
      ]);
    const [, failures] = await Promise.all([made, loadFailures(connection, wanted, FAILURES)]);
    // A row that was there, and was swept or erased before it was locked, is made again: a failure that has no row is not counted.
    if ([...making.keys()].every((key) => failures.has(key))) return failures;
  }
}

/** Reads times of failed checks by whom they count against; to judge a send by, they need no lock. */
export async function loadFailures(
  connection: Connection,
  wanted: ReadonlyMap<string, Pair>,
  statement: Statement = SEEN_FAILURES,
): Promise<VerifyState['failures']> {
  if (wanted.size === 0) return new Map();
  const { rows } = await connection.query<{ account_id: string; subject: string; times: string }>(
    statement,
    pairColumns(wanted),
  );
  return new Map(rows.map((row) => [accountKey(row.account_id, row.subject), JSON.parse(row.times) as number[]]));
}

async function loadReplays(
  connection: Connection,
  batch: readonly VerifyRequest[],
): Promise<ReadonlyMap<string, VerifyReplayRow>> {
  const wanted = new Map<string, Pair>();
  for (const { accountId, replay } of batch) {
    if (replay) wanted.set(accountKey(accountId, replay.key), [accountId, replay.key]);
  }
  if (wanted.size === 0) return new Map();
  const { rows } = await connection.query<{
    account_id: string;
    key: string;
    bodyDigest: string;
    id: string | null;
    verdict: string | null;
    keepUntil: number;
  }>(REPLAYS, pairColumns(wanted));
  return new Map(
    rows.map(({ account_id, key, bodyDigest, id, verdict, keepUntil }) => [
      accountKey(account_id, key),
      { bodyDigest, id, result: verdict === null ? null : (JSON.parse(verdict) as VerifyResult), keepUntil },
    ]),
  );
}

function pairColumns(pairs: ReadonlyMap<string, Pair>): [Buffer, Buffer] {
  const values = [...pairs.values()];
  return [uuids(values.map(([account]) => account)), texts(values.map(([, rest]) => rest))];
}
