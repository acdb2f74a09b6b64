import type { VerificationRow, WorkflowStep } from '../rules/verification.ts';

/** A verification as either engine reads it for the rules, before its JSON and its truths are made out. */
export interface RawVerification extends Omit<VerificationRow, 'steps' | 'callback' | 'converted'> {
  readonly steps: string;
  readonly callback: 0 | 1;
  readonly converted: 0 | 1 | null;
}

/** Its columns, named as `RawVerification` has them: for both engines. */
export const VERIFICATION_COLUMNS = `account_id AS "accountId", id, state, failures, max_attempts AS "maxAttempts",
  expires_at AS "expiresAt", delivery_id AS "deliveryId", sends, last_sent_at AS "lastSentAt", steps, step, due_at AS "dueAt",
  callback, converted`;

export function verificationOf(raw: RawVerification): VerificationRow {
  const { steps, callback, converted } = raw;
  return {
    ...raw,
    steps: JSON.parse(steps) as readonly WorkflowStep[],
    callback: callback === 1,
    converted: converted === null ? null : converted === 1,
  };
}

export function truth(value: boolean | null): 0 | 1 | null {
  return value === null ? null : value ? 1 : 0;
}
