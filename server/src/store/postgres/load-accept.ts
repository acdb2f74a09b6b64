import type { Pool } from '../../errors.ts';
import {
  type AcceptRequest,
  type AcceptState,
  accountKey,
  type Balance,
  balanceKey,
  type ReplayRow,
} from '../../rules/accept.ts';
import { countsOf } from '../counts.ts';
import { texts, uuids } from './binary-array.ts';
import type { Connection } from './connections.ts';
import { loadFailures, lockVerifications } from './load-verify.ts';

// In one order on every node, so that two batches never wait for each other.
const BALANCES = {
  name: 'accept balances',
  text: `SELECT account_id, pool, granted, held, captured FROM balances WHERE account_id = ANY ($1::uuid[])
    ORDER BY account_id, pool FOR NO KEY UPDATE`,
};
const COUNTERS = {
  name: 'accept counters',
  text: 'SELECT account_id, name, value FROM counters WHERE account_id = ANY ($1::uuid[])',
};
const LIMITS = {
  name: 'accept limits',
  text: `SELECT account_id, subject, tats FROM limits
    JOIN unnest($1::uuid[], $2::text[]) AS wanted (account_id, subject) USING (account_id, subject)`,
};
const REPLAYS = {
  name: 'accept replays',
  text: `SELECT account_id, key, body_digest AS "bodyDigest", otp_id AS "otpId", delivery_id AS "deliveryId", number,
      answer_sealed AS "answerSealed", keep_until AS "keepUntil"
    FROM idempotency JOIN unnest($1::uuid[], $2::text[]) AS wanted (account_id, key) USING (account_id, key)`,
};

interface Owned {
  readonly account_id: string;
}

/** What a batch is judged by, and how many otps each of its accounts has made so far. */
export interface Loaded {
  readonly state: AcceptState;
  readonly made: ReadonlyMap<string, number>;
}

/**
 * Locks the balances first: the later statements, sent behind it, each see what the last holder of the locks committed.
 */
export async function loadAccept(connection: Connection, batch: readonly AcceptRequest[]): Promise<Loaded> {
  const accounts = uuids([...new Set(batch.map(({ accountId }) => accountId))]);
  const [balances, counters, limits, replays, failures, verifications] = await Promise.all([
    connection.query<Owned & { pool: Pool } & Balance>(BALANCES, [accounts]),
    connection.query<Owned & { name: string; value: number }>(COUNTERS, [accounts]),
    loadLimits(connection, batch),
    loadReplays(connection, batch),
    loadFailures(connection, failureSubjects(batch)),
    lockVerifications(
      connection,
      batch.filter(sendsAgain).map(({ accountId, otpId }) => ({ accountId, id: otpId })),
    ),
  ]);
  const made = new Map<string, number>();
  for (const row of counters.rows) made.set(row.account_id, (made.get(row.account_id) ?? 0) + countsOf([row]).all);
  const state = {
    balances: new Map(balances.rows.map((row) => [balanceKey(row.account_id, row.pool), row])),
    counters: new Map(counters.rows.map((row) => [accountKey(row.account_id, row.name), row.value])),
    limits,
    replays,
    failures,
    verifications,
  };
  return { state, made };
}

async function loadLimits(connection: Connection, batch: readonly AcceptRequest[]): Promise<AcceptState['limits']> {
  const wanted = new Map<string, [account: string, subject: string]>();
  for (const { accountId, limits } of batch) {
    for (const { subject } of limits) wanted.set(accountKey(accountId, subject), [accountId, subject]);
  }
  if (wanted.size === 0) return new Map();
  const { rows } = await connection.query<Owned & { subject: string; tats: string }>(LIMITS, pairs(wanted));
  return new Map(rows.map((row) => [accountKey(row.account_id, row.subject), JSON.parse(row.tats) as number[]]));
}

async function loadReplays(connection: Connection, batch: readonly AcceptRequest[]): Promise<AcceptState['replays']> {
  const wanted = new Map<string, [account: string, key: string]>();
  for (const { accountId, replay } of batch) {
    if (replay) wanted.set(accountKey(accountId, replay.key), [accountId, replay.key]);
  }
  if (wanted.size === 0) return new Map();
  const { rows } = await connection.query<Owned & { key: string } & ReplayRow>(REPLAYS, pairs(wanted));
  return new Map(rows.map((row) => [accountKey(row.account_id, row.key), row]));
}

function sendsAgain({ verification }: AcceptRequest): boolean {
  return verification !== null && verification.kind !== 'start';
}

function failureSubjects(batch: readonly AcceptRequest[]): ReadonlyMap<string, [string, string]> {
  const wanted = new Map<string, [string, string]>();
  for (const { accountId, verification } of batch) {
    for (const { subject } of verification?.failures ?? [])
      wanted.set(accountKey(accountId, subject), [accountId, subject]);
  }
  return wanted;
}

function pairs(wanted: ReadonlyMap<string, [string, string]>): [Buffer, Buffer] {
  const values = [...wanted.values()];
  return [uuids(values.map(([account]) => account)), texts(values.map(([, rest]) => rest))];
}
