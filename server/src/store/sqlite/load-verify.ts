import type { DatabaseSync } from 'node:sqlite';
import { accountKey } from '../../rules/accept.ts';
import type { VerificationRow } from '../../rules/verification.ts';
import type { VerifyReplayRow, VerifyRequest, VerifyResult, VerifyState } from '../../rules/verify.ts';
import { type RawVerification, VERIFICATION_COLUMNS, verificationOf } from '../verification-rows.ts';

/** Reads what the rules of verifications judge by; the caller holds the write lock. */
export interface VerificationLoader {
  verification(accountId: string, id: string): VerificationRow | undefined;
  /** Times of failed checks, oldest first. */
  failures(accountId: string, subject: string): readonly number[];
}

export function verificationLoader(db: DatabaseSync): VerificationLoader {
  const verification = db.prepare(`SELECT ${VERIFICATION_COLUMNS} FROM verifications WHERE id = ? AND account_id = ?`);
  // Rows as objects are slow to read field by field: a check reads one.
  verification.setReturnArrays(true);
  const failures = db.prepare('SELECT times FROM failures WHERE account_id = ? AND subject = ?');
  return {
    verification(accountId, id) {
      const row = verification.get(id, accountId) as unknown as RawColumns | undefined;
      return row && verificationOf(rawOf(row));
    },
    failures(accountId, subject) {
      const row = failures.get(accountId, subject) as { times: string } | undefined;
      return row === undefined ? [] : (JSON.parse(row.times) as number[]);
    },
  };
}

/** The columns, in their order. */
type RawColumns = readonly [
  ...[accountId: string, id: string, state: RawVerification['state'], failures: number, maxAttempts: number],
  ...[expiresAt: number, deliveryId: string, sends: number, lastSentAt: number, steps: string, step: number],
  ...[dueAt: number | null, callback: 0 | 1, converted: 0 | 1 | null],
];

function rawOf(row: RawColumns): RawVerification {
  const [accountId, id, state, failures, maxAttempts, expiresAt, deliveryId, sends, lastSentAt, steps, ...rest] = row;
  const [step, dueAt, callback, converted] = rest;
  const counted = { accountId, id, state, failures, maxAttempts, expiresAt };
  return { ...counted, deliveryId, sends, lastSentAt, steps, step, dueAt, callback, converted };
}

/** Prepares what reads a batch's state. */
export function verifyLoader(db: DatabaseSync): (batch: readonly VerifyRequest[]) => VerifyState {
  const load = verificationLoader(db);
  const replay = db.prepare(
    `SELECT body_digest AS bodyDigest, otp_id AS id, verdict, keep_until AS keepUntil
     FROM idempotency WHERE account_id = ? AND key = ?`,
  );
  return (batch) => {
    const verifications = new Map<string, VerificationRow>();
    const failures = new Map<string, readonly number[]>();
    const replays = new Map<string, VerifyReplayRow>();
    for (const request of batch) {
      const { accountId, id } = request;
      const key = accountKey(accountId, id);
      if (!verifications.has(key)) {
        const row = load.verification(accountId, id);
        if (row) verifications.set(key, row);
      }
      for (const { subject } of request.kind === 'check' ? request.failures : []) {
        const counted = accountKey(accountId, subject);
        if (!failures.has(counted)) failures.set(counted, load.failures(accountId, subject));
      }
      if (request.replay === null) continue;
      const row = replay.get(accountId, request.replay.key) as
        | (Omit<VerifyReplayRow, 'result'> & { verdict: string | null })
        | undefined;
      if (row) replays.set(accountKey(accountId, request.replay.key), replayOf(row));
    }
    return { verifications, failures, replays };
  };
}

function replayOf({ verdict, ...row }: Omit<VerifyReplayRow, 'result'> & { verdict: string | null }): VerifyReplayRow {
  return { ...row, result: verdict === null ? null : (JSON.parse(verdict) as VerifyResult) };
}
