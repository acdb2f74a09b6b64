import type { Refusal } from '../errors.ts';
import type { Replay } from './accept.ts';
import type { CallbackDue } from './callback.ts';
import type { FailureCheck } from './failures.ts';
import type { FinalVerificationState, VerificationRow, VerificationState } from './verification.ts';

/** What is asked of one verification, as it waits for a commit. Plain data: it crosses the border of a worker thread. */
export type VerifyRequest = VerifyBase &
  (CheckAsked | { readonly kind: 'cancel' } | FeedbackAsked | EndAsked | PostponeAsked);

export interface VerifyBase {
  readonly accountId: string;
  readonly id: string;
  /** Present when the caller gave an idempotency key. */
  readonly replay: Replay | null;
}

export interface CheckAsked {
  readonly kind: 'check';
  /** Whether the code fits: digests are compared before the row is locked, for neither ever changes; what it leads to is judged under lock. */
  readonly right: boolean;
  /** What a failed check counts against, besides the verification itself. */
  readonly failures: readonly FailureCheck[];
}

export interface FeedbackAsked {
  readonly kind: 'feedback';
  readonly converted: boolean;
}

/** What time, or failed deliveries, make of it, as somebody saw who looked at it. */
export type EndAsked =
  | { readonly kind: 'end'; readonly state: 'expired' }
  | ({ readonly kind: 'end'; readonly state: 'undeliverable' } & Seen);

/** Nothing can be done for it now: it is to be looked at then. */
export interface PostponeAsked extends Seen {
  readonly kind: 'postpone';
  readonly dueAt: number;
}

/** What follows from a look holds only while nothing has happened since: a send, a failed delivery, another look each set another time. */
interface Seen {
  /** `VerificationRow.dueAt` as the look left it. */
  readonly seenDueAt: number | null;
}

/** A wrong code, which was counted. */
export interface Wrong {
  readonly kind: 'wrong';
  /** What it left the verification in: the last that it allows ends it. */
  readonly state: 'pending' | 'max_attempts_reached';
  /** Wrong codes that are still looked at: 0 also where it is pending, and this one locked its number or the address that it came from. */
  readonly remaining: number;
}

/** What came of it. Holds nothing secret: it is kept as it is for replays. */
export type VerifyResult =
  | { readonly kind: 'approved' }
  | Wrong
  /** It had ended before: a code was not looked at, a wish not fulfilled. */
  | { readonly kind: 'final'; readonly state: FinalVerificationState }
  | { readonly kind: 'done'; readonly state: VerificationState }
  | { readonly kind: 'not_found' };

export type VerifyVerdict =
  | {
      readonly judged: true;
      /** False: the same idempotency key was judged before; nothing was counted or changed again. */
      readonly fresh: boolean;
      /** The verification's; of a replay, the one that was judged then. */
      readonly id: string;
      readonly result: VerifyResult;
      /** Absent: nobody is owed one. */
      readonly callback?: CallbackDue;
    }
  | { readonly judged: false; readonly refusal: Refusal };

/** What the store loads, and locks, before a batch is judged. Absent rows are absent from the maps. */
export interface VerifyState {
  /** By `accountKey(accountId, id)`. */
  readonly verifications: ReadonlyMap<string, VerificationRow>;
  /** Times of failed checks, by `accountKey(accountId, subject)`. */
  readonly failures: ReadonlyMap<string, readonly number[]>;
  /** By `accountKey(accountId, key)`. */
  readonly replays: ReadonlyMap<string, VerifyReplayRow>;
}

export interface VerifyReplayRow {
  readonly bodyDigest: string;
  /** The verification that was judged; null: the key stands for another kind of request. */
  readonly id: string | null;
  /** Null: as above. */
  readonly result: VerifyResult | null;
  readonly keepUntil: number;
}

/** What the store saves: only what changed. */
export interface VerifyWrites {
  readonly verifications: ReadonlyMap<string, VerificationRow>;
  readonly failures: ReadonlyMap<string, readonly number[]>;
  readonly replays: ReadonlyMap<string, VerifyReplayRow>;
  readonly callbacks: readonly CallbackDue[];
}
