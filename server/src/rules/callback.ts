import type { Mode } from './accept.ts';
import type { AccountSettings } from './account-settings.ts';
import type { FinalState } from './outcome.ts';
import type { FinalVerificationState } from './verification.ts';

/**
 * What a callback tells of: the end of a call, a final state of a message (a late receipt may move one from `sent` to `delivered`), or how a
 * verification ended. `ping`: nothing happened, an endpoint is tried out.
 */
export type CallbackEvent =
  | 'call.finished'
  | `message.${FinalState}`
  | `verification.${FinalVerificationState}`
  | 'ping';

/** The kinds of things that callbacks tell of. */
export type CallbackKind = KindOf<CallbackEvent>;
type KindOf<Event> = Event extends `${infer Kind}.${string}` ? Kind : Event;

export function kindOf(event: CallbackEvent): CallbackKind {
  return event.split('.')[0] as CallbackKind;
}

/** All events, in an endpoint's list of them. */
export const EVERY_EVENT = '*';

/** Of what kinds of things an account's endpoints want to know, by mode. */
export type Listens = Readonly<Record<Mode, readonly CallbackKind[]>>;

export const NOBODY_LISTENS: Listens = { test: [], live: [] };

/** What is told of to endpoints that are told of these events. */
export function kindsAmong(events: readonly string[]): readonly CallbackKind[] {
  const kinds = ['message', 'call', 'verification'] as const;
  return kinds.filter((kind) => events.some((event) => event === EVERY_EVENT || event.startsWith(`${kind}.`)));
}

/** Whether an endpoint with these events is told of this one. */
export function isAmong(event: CallbackEvent, events: readonly string[]): boolean {
  return events.includes(EVERY_EVENT) || events.includes(event);
}

/** A callback that is owed: a row of the outbox, written in the commit that made it due. */
export interface CallbackDue {
  readonly accountId: string;
  /** Unique in the account, and the same however often the change is reported: one change is told of once. */
  readonly id: string;
  /** The delivery or verification that it tells of, or the endpoint that it tries out. */
  readonly subjectId: string;
  readonly event: CallbackEvent;
  readonly createdAt: number;
}

/** The receiver that is no endpoint: the account's own URL, or the place that a request named. */
export const OWN_RECEIVER = 'own';

/**
 * The row of a further receiver, where several want to know of one thing: the same however often it is tried to write it.
 *
 * @param receiver an endpoint's id, or `OWN_RECEIVER`
 */
export function copyId(id: string, receiver: string): string {
  return `${id}.${receiver}`;
}

/**
 * Whether anybody is to be told what becomes of a send: the place that it names, the account's own URL, or one of its endpoints. Which of
 * its events they want is asked when one has come.
 *
 * @param named a place; null: it names none
 */
export function owesCallback(
  { settings, listens }: { readonly settings: Pick<AccountSettings, 'callbackUrl'>; readonly listens: Listens },
  mode: Mode,
  kind: CallbackKind,
  named: string | null,
): boolean {
  return named !== null || settings.callbackUrl !== null || listens[mode].includes(kind);
}

/** The callback that a delivery's final state owes. A call ends once; each final state of a message is told of once. */
export function callbackDue(
  { accountId, id, channel }: { readonly accountId: string; readonly id: string; readonly channel: 'sms' | 'voice' },
  state: FinalState,
  now: number,
): CallbackDue {
  return channel === 'voice'
    ? { accountId, id, subjectId: id, event: 'call.finished', createdAt: now }
    : { accountId, id: `${id}.${state}`, subjectId: id, event: `message.${state}`, createdAt: now };
}

/** The callback that the end of a verification owes. It ends once. */
export function verificationCallback(
  { accountId, id }: { readonly accountId: string; readonly id: string },
  state: FinalVerificationState,
  now: number,
): CallbackDue {
  return { accountId, id: `${id}.${state}`, subjectId: id, event: `verification.${state}`, createdAt: now };
}
