import type { FinalState } from './outcome.ts';
import type { FinalVerificationState } from './verification.ts';

/**
 * What a callback tells of: the end of a call, a final state of a message (a late receipt may move one from `sent` to `delivered`), or how a
 * verification ended.
 */
export type CallbackEvent = 'call.finished' | `message.${FinalState}` | `verification.${FinalVerificationState}`;

/** A callback that is owed: a row of the outbox, written in the commit that made it due. */
export interface CallbackDue {
  readonly accountId: string;
  /** Unique in the account, and the same however often the change is reported: one change is told of once. */
  readonly id: string;
  /** The delivery, or the verification, that it tells of. */
  readonly deliveryId: string;
  readonly event: CallbackEvent;
  readonly createdAt: number;
}

/** The callback that a delivery's final state owes. A call ends once; each final state of a message is told of once. */
export function callbackDue(
  { accountId, id, channel }: { readonly accountId: string; readonly id: string; readonly channel: 'sms' | 'voice' },
  state: FinalState,
  now: number,
): CallbackDue {
  return channel === 'voice'
    ? { accountId, id, deliveryId: id, event: 'call.finished', createdAt: now }
    : { accountId, id: `${id}.${state}`, deliveryId: id, event: `message.${state}`, createdAt: now };
}

/** The callback that the end of a verification owes. It ends once. */
export function verificationCallback(
  { accountId, id }: { readonly accountId: string; readonly id: string },
  state: FinalVerificationState,
  now: number,
): CallbackDue {
  return { accountId, id: `${id}.${state}`, deliveryId: id, event: `verification.${state}`, createdAt: now };
}
