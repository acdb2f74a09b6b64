import type { DatabaseSync } from 'node:sqlite';
import { PassbellError, type Pool } from '../../errors.ts';
import {
  type AcceptRequest,
  type AcceptState,
  type AcceptVerdict,
  type AcceptWrites,
  accountKey,
  type Balance,
  balanceKey,
  type ReplayRow,
} from '../../rules/accept.ts';
import { judgeAccept } from '../../rules/judge-accept.ts';
import { countIn, countsOf, type NewOtp } from '../counts.ts';
import { splitKey } from '../split-key.ts';
import { commit } from './commit.ts';

export type Accept = (batch: readonly AcceptRequest[], node: string, now: number) => readonly AcceptVerdict[];

/** Loads what a batch touches, has it judged, saves the verdicts' rows: one transaction, one fsync. */
export function acceptIn(db: DatabaseSync): Accept {
  const load = loader(db);
  const save = saver(db);
  const fence = db.prepare('SELECT 1 FROM nodes WHERE node = ? AND taken_at IS NOT NULL');
  return (batch, node, now) =>
    commit(db, () => {
      // Others may have this node's work: what it accepted now would be sent twice.
      if (fence.get(node)) throw new PassbellError('unavailable', { reason: 'store' });
      const { state, made } = load(batch);
      const { verdicts, writes } = judgeAccept(batch, state, now);
      save(writes, made, node);
      return verdicts;
    });
}

/** What a batch is judged by, and how many otps each of its accounts has made so far. */
interface Loaded {
  readonly state: AcceptState;
  readonly made: ReadonlyMap<string, number>;
}

function loader(db: DatabaseSync): (batch: readonly AcceptRequest[]) => Loaded {
  const balances = db.prepare('SELECT pool, granted, held, captured FROM balances WHERE account_id = ?');
  const counters = db.prepare('SELECT name, value FROM counters WHERE account_id = ?');
  const limit = db.prepare('SELECT tats FROM limits WHERE account_id = ? AND subject = ?');
  const replay = db.prepare(
    `SELECT body_digest AS bodyDigest, otp_id AS otpId, delivery_id AS deliveryId, number, keep_until AS keepUntil
     FROM idempotency WHERE account_id = ? AND key = ?`,
  );
  return (batch) => {
    const state = {
      balances: new Map<string, Balance>(),
      counters: new Map<string, number>(),
      limits: new Map<string, readonly number[]>(),
      replays: new Map<string, ReplayRow>(),
    };
    const made = new Map<string, number>();
    for (const request of batch) {
      const { accountId } = request;
      if (!made.has(accountId)) {
        for (const row of balances.all(accountId) as unknown as (Balance & { pool: Pool })[]) {
          state.balances.set(balanceKey(accountId, row.pool), row);
        }
        const counts = counters.all(accountId) as unknown as { name: string; value: number }[];
        for (const { name, value } of counts) state.counters.set(accountKey(accountId, name), value);
        made.set(accountId, countsOf(counts).all);
      }
      for (const { subject } of request.limits) {
        const key = accountKey(accountId, subject);
        if (state.limits.has(key)) continue;
        const row = limit.get(accountId, subject) as { tats: string } | undefined;
        state.limits.set(key, row ? (JSON.parse(row.tats) as number[]) : []);
      }
      if (request.replay) {
        const row = replay.get(accountId, request.replay.key) as ReplayRow | undefined;
        if (row) state.replays.set(accountKey(accountId, request.replay.key), row);
      }
    }
    return { state, made };
  };
}

function saver(db: DatabaseSync): (writes: AcceptWrites, made: Loaded['made'], node: string) => void {
  const balance = db.prepare('UPDATE balances SET held = ? WHERE account_id = ? AND pool = ?');
  const count = db.prepare(
    `INSERT INTO counters (account_id, name, value) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET value = value + excluded.value`,
  );
  const limit = db.prepare(
    `INSERT INTO limits (account_id, subject, tats, expires_at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET tats = excluded.tats, expires_at = excluded.expires_at`,
  );
  const replay = db.prepare(
    `INSERT INTO idempotency (account_id, key, body_digest, otp_id, delivery_id, number, answer_sealed, keep_until)
     VALUES (?, ?, ?, ?, ?, ?, NULL, ?)
     ON CONFLICT DO UPDATE SET body_digest = excluded.body_digest, otp_id = excluded.otp_id,
       delivery_id = excluded.delivery_id, number = excluded.number, answer_sealed = NULL, keep_until = excluded.keep_until`,
  );
  const insert = inserter(db);
  return (writes, made, node) => {
    const { otps, increments } = countIn(writes.inserts, made);
    for (const otp of otps) insert(otp, node);
    for (const [key, { held }] of writes.balances) balance.run(held, ...splitKey(key));
    for (const [key, more] of increments) count.run(...splitKey(key), more);
    for (const [key, { tats, expiresAt }] of writes.limits) {
      limit.run(...splitKey(key), JSON.stringify(tats), expiresAt);
    }
    for (const [key, row] of writes.replays) {
      replay.run(...splitKey(key), row.bodyDigest, row.otpId, row.deliveryId, row.number, row.keepUntil);
    }
  };
}

/** The rows of one accepted send: otp, delivery (with its node), and the hold. */
function inserter(db: DatabaseSync): (otp: NewOtp, node: string) => void {
  const otp = db.prepare(
    `INSERT INTO otps (account_id, id, ordinal, delivery_id, dialect, mode, channel, number, number_digest, number_sealed,
       content_sealed, code_digest, options, max_attempts, created_at, expires_at, keep_content_until)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const delivery = db.prepare(
    `INSERT INTO deliveries (account_id, id, otp_id, channel, pool, credits, segments, state, node, tries, handovers, parts,
       parts_delivered, settled, created_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?, 0, 0, 0, 0, 0, ?, ?)`,
  );
  const hold = db.prepare(
    `INSERT INTO credit_entries (account_id, subject, phase, kind, pool, amount, at) VALUES (?, ?, 0, 'hold', ?, ?, ?)`,
  );
  return ({ request, number, ordinal }, node) => {
    const { accountId, otpId, deliveryId, channel, pool, credits, createdAt, expiresAt } = request;
    otp.run(
      accountId,
      otpId,
      ordinal,
      deliveryId,
      request.dialect,
      request.mode,
      channel,
      number,
      request.numberDigest,
      request.numberSealed,
      request.contentSealed,
      request.codeDigest,
      request.options,
      request.maxAttempts,
      createdAt,
      expiresAt,
      request.keepContentUntil,
    );
    delivery.run(accountId, deliveryId, otpId, channel, pool, credits, request.segments, node, createdAt, expiresAt);
    hold.run(accountId, deliveryId, pool, credits, createdAt);
  };
}
