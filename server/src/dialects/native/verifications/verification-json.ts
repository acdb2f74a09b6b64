import type { Static } from '@sinclair/typebox';
import { nextStepAt, resendFrom, stateAt, type VerificationRow } from '../../../rules/verification.ts';
import type { Verification, VerificationDelivery } from '../../../store/tables/verifications.ts';
import { progressJson, time, timeOrNull } from '../delivery-json.ts';
import type { deliverySchema, verificationSchema } from './verification-schema.ts';

export const VERIFICATION = 'ver_';

/** A verification as far as it is shown. */
type ShownVerification = Pick<
  Verification,
  | keyof Pick<VerificationRow, 'id' | 'state' | 'failures' | 'maxAttempts' | 'expiresAt' | 'converted'>
  | keyof Pick<VerificationRow, 'steps' | 'step' | 'sends' | 'lastSentAt' | 'dueAt'>
  | 'mode'
  | 'dialect'
  | 'createdAt'
  | 'finalAt'
  | 'metadata'
  | 'warnings'
  | 'deliveries'
>;

export type VerificationJson = Static<typeof verificationSchema>;

/** A verification as the API shows it. Never the code. @param to E.164; null once it was erased */
export function verificationJson(verification: ShownVerification, to: string | null, now: number): VerificationJson {
  const { id, mode, dialect, failures, maxAttempts, steps, deliveries, warnings, converted } = verification;
  const { createdAt, expiresAt, finalAt, metadata } = verification;
  const status = stateAt(verification, now);
  const nextAt = status === 'pending' ? nextSendAt(verification) : null;
  return {
    id: VERIFICATION + id,
    ...{ status, to },
    channel: deliveries.at(-1)?.channel ?? steps[0]?.channel ?? 'sms',
    ...{ mode, dialect },
    created_at: time(createdAt),
    expires_at: time(expiresAt),
    approved_at: status === 'approved' ? timeOrNull(finalAt) : null,
    // Of an expiry that nobody has looked at yet, the time is known all the same.
    ended_at: status === 'pending' ? null : time(finalAt ?? expiresAt),
    attempts: { failed: failures, remaining: maxAttempts - failures, max: maxAttempts },
    deliveries: deliveries.map(deliveryJson),
    workflow: steps.map(({ channel, carrier, waitMs }) => ({ channel, carrier, wait: waitMs / 1000 })),
    next_step_at: nextAt === null || nextAt >= expiresAt ? null : time(nextAt),
    // Octopush's API has nothing to send a code again with, and this one does not send another's.
    resend_at: status === 'pending' && dialect === 'native' ? time(resendFrom(verification)) : null,
    ...{ metadata, warnings: [...warnings], converted },
  };
}

/** A step that could not be sent when it was due is tried again when somebody looks next. */
function nextSendAt(verification: ShownVerification): number | null {
  const nextAt = nextStepAt(verification);
  return nextAt === null ? null : Math.max(nextAt, verification.dueAt ?? 0);
}

function deliveryJson(delivery: VerificationDelivery): Static<typeof deliverySchema> {
  const { id, channel, segments, spokenMs, answeredAt } = delivery;
  const isCall = channel === 'voice';
  return {
    id: (isCall ? 'call_' : 'msg_') + id,
    channel,
    segments: isCall ? null : segments,
    seconds: spokenMs === null ? null : spokenMs / 1000,
    answered_at: timeOrNull(answeredAt),
    ...progressJson(delivery),
  };
}
