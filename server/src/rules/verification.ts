import type { Channel } from '../errors.ts';
import type { VerificationState } from './verification-state.ts';

export type { FinalVerificationState, VerificationState } from './verification-state.ts';

/** One way to send the code. The first step is sent at once; each further one unless the verification has ended by then. */
export interface WorkflowStep {
  readonly channel: Channel;
  /** The uplink that is asked first; null: any. */
  readonly carrier: string | null;
  /** How long after the step before it was sent, ms; 0 for the first. */
  readonly waitMs: number;
  /** When it was sent, kept once its code is sent again: the next step counts from it. Absent: nothing was sent since, see `lastSentAt`. */
  readonly sentAt?: number;
}

/** A verification as the rules see it. Its id is its otp's. All times are milliseconds since the epoch. */
export interface VerificationRow {
  readonly accountId: string;
  readonly id: string;
  readonly state: VerificationState;
  /** Wrong checks so far, at most `maxAttempts`. Nothing takes them back. */
  readonly failures: number;
  readonly maxAttempts: number;
  readonly expiresAt: number;
  /** The delivery that came last. */
  readonly deliveryId: string;
  /** Deliveries so far: the first, further steps, resends. */
  readonly sends: number;
  readonly lastSentAt: number;
  readonly steps: readonly WorkflowStep[];
  /** Which of `steps` was sent last. */
  readonly step: number;
  /** When somebody is to look at it: a step that is due, its expiry, a delivery that failed; null once it has ended. */
  readonly dueAt: number | null;
  /** Whether somebody is to be told how it ends. */
  readonly callback: boolean;
  /** What the account says became of it; null: nothing yet. */
  readonly converted: boolean | null;
}

/** When the step after the one that was sent last is due; null if there is none. */
export function nextStepAt({
  steps,
  step,
  lastSentAt,
}: Pick<VerificationRow, 'steps' | 'step' | 'lastSentAt'>): number | null {
  const next = steps[step + 1];
  return next === undefined ? null : (steps[step]?.sentAt ?? lastSentAt) + next.waitMs;
}

/** A pending verification once its code was sent again at the caller's wish: the workflow stays where it is, and its next step's time. */
export function afterResend<R extends VerificationRow>(row: R, deliveryId: string, now: number): R {
  const { lastSentAt, step } = row;
  const steps = row.steps.map((one, i) => (i === step ? { sentAt: lastSentAt, ...one } : one));
  const sent = afterSend({ ...row, steps }, deliveryId, now);
  // A step that could not be sent when it was due is tried again when it was to be.
  return { ...sent, dueAt: Math.max(sent.dueAt, row.dueAt ?? 0) };
}

/** A pending verification once the workflow's next step was sent. */
export function afterStep<R extends VerificationRow>(row: R, deliveryId: string, now: number): R {
  return afterSend({ ...row, step: row.step + 1 }, deliveryId, now);
}

function afterSend<R extends VerificationRow>(row: R, deliveryId: string, now: number): R & { readonly dueAt: number } {
  const sent = { ...row, deliveryId, sends: row.sends + 1, lastSentAt: now };
  return { ...sent, dueAt: lookAt(sent) };
}

/** When a pending verification is to be looked at, if all goes well until then. */
export function lookAt(row: Pick<VerificationRow, 'steps' | 'step' | 'lastSentAt' | 'expiresAt'>): number {
  return Math.min(nextStepAt(row) ?? row.expiresAt, row.expiresAt);
}

/** How long must pass between a send and a resend, ms, by how often the code was sent so far. */
export const RESEND_GAPS_MS = [30_000, 60_000, 120_000] as const;

/** From when the code may be sent again at a caller's wish. */
export function resendFrom({ sends, lastSentAt }: Pick<VerificationRow, 'sends' | 'lastSentAt'>): number {
  return lastSentAt + (RESEND_GAPS_MS[Math.max(sends, 1) - 1] ?? RESEND_GAPS_MS[2]);
}

/** The state that everybody is told: an expiry counts from its instant on, not from when somebody looks. */
export function stateAt(
  { state, expiresAt }: Pick<VerificationRow, 'state' | 'expiresAt'>,
  now: number,
): VerificationState {
  return state === 'pending' && now >= expiresAt ? 'expired' : state;
}
