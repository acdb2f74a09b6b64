import type { DatabaseSync } from 'node:sqlite';
import type { Pool } from '../../errors.ts';
import {
  type AcceptRequest,
  type AcceptState,
  accountKey,
  type Balance,
  balanceKey,
  type ReplayRow,
} from '../../rules/accept.ts';
import type { VerificationRow } from '../../rules/verification.ts';
import { countsOf } from '../counts.ts';
import { limitLog } from './limit-log.ts';
import { verificationLoader } from './load-verify.ts';

/** What a batch is judged by, and how many otps each of its accounts has made so far. */
export interface Loaded {
  readonly state: AcceptState;
  readonly made: ReadonlyMap<string, number>;
}

/** Prepares what reads a batch's state; the caller holds the write lock. */
export function acceptLoader(db: DatabaseSync): (batch: readonly AcceptRequest[], now: number) => Loaded {
  const balances = db.prepare('SELECT pool, granted, held, captured FROM balances WHERE account_id = ?');
  const counters = db.prepare('SELECT name, value FROM counters WHERE account_id = ?');
  const limits = limitLog(db);
  const replay = db.prepare(
    `SELECT body_digest AS bodyDigest, otp_id AS otpId, delivery_id AS deliveryId, number,
       answer_sealed AS answerSealed, keep_until AS keepUntil
     FROM idempotency WHERE account_id = ? AND key = ?`,
  );
  const load = verificationLoader(db);
  return (batch, now) => {
    limits.catchUp(now);
    const state = {
      balances: new Map<string, Balance>(),
      counters: new Map<string, number>(),
      limits: new Map<string, readonly number[]>(),
      replays: new Map<string, ReplayRow>(),
      verifications: new Map<string, VerificationRow>(),
      failures: new Map<string, readonly number[]>(),
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
        state.limits.set(accountKey(accountId, subject), limits.tats(accountId, subject, now));
      }
      if (request.replay) {
        const row = replay.get(accountId, request.replay.key) as ReplayRow | undefined;
        if (row) state.replays.set(accountKey(accountId, request.replay.key), row);
      }
      const { verification, otpId } = request;
      if (verification === null) continue;
      for (const { subject } of verification.failures) {
        state.failures.set(accountKey(accountId, subject), load.failures(accountId, subject));
      }
      if (verification.kind === 'start') continue;
      const row = load.verification(accountId, otpId);
      if (row) state.verifications.set(accountKey(accountId, otpId), row);
    }
    return { state, made };
  };
}
