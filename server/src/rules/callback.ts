import type { FinalState } from './outcome.ts';

/** What a callback tells of: the end of a call, or a final state of a message (a late receipt may move one from `sent` to `delivered`). */
export type CallbackEvent = 'call.finished' | `message.${FinalState}`;

/** A callback that is owed: a row of the outbox, written in the commit that made it due. */
export interface CallbackDue {
  readonly accountId: string;
  /** Unique in the account, and the same however often the change is reported: one change is told of once. */
  readonly id: string;
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
