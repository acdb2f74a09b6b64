import type { CallEnd, CallEngine } from '../../voice/calls/call-engine.ts';

/** A call as the sandbox phone shows it. Times are milliseconds since the epoch. */
export interface HandsetCall {
  readonly id: string;
  readonly to: string;
  /** Null where the caller is hidden, or the call names none. */
  readonly from: string | null;
  readonly anonymous: boolean;
  readonly state: 'ringing' | 'answered' | 'ended';
  /** What has been said so far, in words; a code character by character. */
  readonly transcript: string;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  /** The keys pressed, in order. */
  readonly keys: string;
  /** How it ended; null until then. */
  readonly end: Pick<CallEnd, 'outcome' | 'sipStatus' | 'reason'> | null;
}

/** What a callee can do. */
export type CalleeAct =
  | { readonly kind: 'answer' }
  | { readonly kind: 'reject' }
  | { readonly kind: 'hang_up' }
  /** 1–32 of `0` … `9`, `*`, `#`, `A` … `D`. */
  | { readonly kind: 'keys'; readonly digits: string };

/** A call that changed; `id` grows with each change of any call. */
export interface CallChange {
  readonly id: string;
  readonly call: HandsetCall;
}

/** The calls of the sandbox phone: what test keys call, with an API at the far end. */
export interface HandsetCalls {
  /** What calls are placed through. */
  readonly engine: CallEngine;
  /** Newest first; `to` in E.164, or null for all. `limit` 1–100. */
  calls(accountId: string, to: string | null, limit: number): Promise<readonly HandsetCall[]>;
  /** @throws PassbellError `not_found`. */
  call(accountId: string, id: string): Promise<HandsetCall>;
  /** The oldest call after the id `after` (null: after now), as soon as there is one; null when none came within `waitMs` or `signal` ended the wait. */
  next(
    accountId: string,
    to: string | null,
    after: string | null,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<HandsetCall | null>;
  /** The id of the account's last change; null when it has had no call. */
  lastChange(accountId: string): Promise<string | null>;
  /**
   * The oldest change after the change `after`, as soon as there is one; null when none came within `waitMs` or `signal` ended the
   * wait. A call that changed more than once since is told once, as it is now.
   */
  nextChange(accountId: string, after: string, waitMs: number, signal: AbortSignal): Promise<CallChange | null>;
  /**
   * Does it at the phone, whichever node placed the call, and resolves to the call as it is then.
   * @throws PassbellError `not_found`; `conflict` where the call's state does not allow it; `unavailable` where its node does not answer.
   */
  act(accountId: string, id: string, act: CalleeAct): Promise<HandsetCall>;
  /**
   * What the callee has heard so far, from the answer on: a WAV file of 8 kHz, 16 bit, mono, decoded from the octets on the line.
   * @throws PassbellError `not_found`: there is no such call, or its sound is not kept any more; `unavailable`.
   */
  audio(accountId: string, id: string): Promise<Uint8Array>;
  /** Ends every wait, and every call. */
  close(): Promise<void>;
}
