import type { LimitRule } from './rules/gcra.ts';
import type { FinalVerificationState } from './rules/verification-state.ts';

/**
 * The closed list of what can go wrong. Each dialect has one table from this list to its own codes; nothing else crosses
 * the border between a room and a dialect. `detail` values never hold a code, a key or a message body.
 */
export interface ErrorDetails {
  /** The request itself is at fault: every faulty field at once. */
  invalid_request: { faults: readonly Fault[] };
  unauthorized: { reason: 'missing' | 'malformed' | 'unknown' | 'revoked' };
  forbidden: { reason: 'account_disabled' | 'csrf' | 'test_key_only' | 'live_key_only' | 'operator_only' };
  not_found: { what: string };
  conflict: { field: string; reason: string };
  credits_exhausted: { pool: Pool; missing: number };
  destination_refused: { reason: DestinationRefusal };
  /** `rule`: what the limit allows; absent where it is not counted in sends (`resend`, `failures`, `sign_in`). */
  rate_limited: { limit: LimitName; retryAfterMs: number; rule?: LimitRule };
  /** A verification that has ended: nothing is sent for it any more. */
  verification_ended: { state: FinalVerificationState };
  /** An Idempotency-Key that was used with another body. */
  idempotency_mismatch: Record<string, never>;
  /** An Idempotency-Key whose first request has not been answered yet. */
  idempotency_in_flight: Record<string, never>;
  channel_unavailable: { channel: Channel; reason: 'not_built' | 'no_carrier' };
  /** The store, or this node, cannot take work now. Nothing was accepted; with `store` that is not sure: it may have gone in the middle. */
  unavailable: { reason: 'store' | 'draining' | 'overloaded' | 'speech' };
  internal: Record<string, never>;
}

export type ErrorCode = keyof ErrorDetails;
export type Channel = 'sms' | 'voice';
export type Pool = Channel;
/** `failures`: too many wrong codes. `resend`: too soon after the last send. */
export type LimitName = SendLimit | 'sign_in' | 'failures' | 'resend';
/** What sends are counted by. */
export type SendLimit = 'number' | 'address' | 'country' | 'account';
export type DestinationRefusal =
  | 'country'
  | 'premium'
  | 'shared_cost'
  | 'satellite'
  | 'short'
  | 'emergency'
  | 'not_dialable';

/** What is wrong with one field, and how to mend it: a sentence for people. */
export interface Fault {
  readonly field: string;
  readonly message: string;
}

/** An error of the closed list, with what a dialect needs to say it well. */
export class PassbellError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly detail: ErrorDetails[C];

  constructor(code: C, detail: ErrorDetails[C], options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'PassbellError';
    this.code = code;
    this.detail = detail;
  }
}

/** An error as plain data: what a store's verdict holds, and what crosses a worker's border. */
export type Refusal = { [C in ErrorCode]: { readonly code: C; readonly detail: ErrorDetails[C] } }[ErrorCode];

export function refusalError(refusal: Refusal): PassbellError {
  return new PassbellError(refusal.code, refusal.detail);
}

/** Narrows `error` to one code of the list. */
export function isError<C extends ErrorCode>(error: unknown, code: C): error is PassbellError<C> {
  return error instanceof PassbellError && error.code === code;
}
