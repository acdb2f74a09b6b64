import type { Channel, Pool, Refusal, SendLimit } from '../errors.ts';
import type { CallDraft } from './call-record.ts';
import type { FailureCheck } from './failures.ts';
import type { Left, LimitRule } from './gcra.ts';
import type { VerificationRow, WorkflowStep } from './verification.ts';

export type Mode = 'test' | 'live';
export type Dialect = 'tingting' | 'octopush' | 'cm' | 'native';

/**
 * One send, priced and sealed, as it waits for a commit. Plain data: it crosses the border of a worker thread.
 * All times are milliseconds since the epoch.
 */
export interface AcceptRequest {
  readonly accountId: string;
  readonly otpId: string;
  readonly deliveryId: string;
  readonly dialect: Dialect;
  readonly mode: Mode;
  readonly channel: Channel;
  /** Keyed digest over account and E.164 number: one subject for all spellings of a number. */
  readonly numberDigest: string;
  /** AES-GCM, opened with the row's place as additional data. */
  readonly numberSealed: string;
  readonly contentSealed: string;
  readonly codeDigest: string;
  /** Present for a code that is checked here. */
  readonly verification: VerificationStart | VerificationSend | null;
  /** The uplink that is asked first; null: any. */
  readonly via: string | null;
  /** What the dialect shows again in its lists; never the code or the text. */
  readonly options: string;
  readonly pool: Pool;
  /** Whole credits to hold, ≥ 0. */
  readonly credits: number;
  /** Credits that must be there: `credits`, or more for the first of several sends that belong together. */
  readonly needed: number;
  /** SMS segments; 0 for a call. */
  readonly segments: number;
  /** Present for a call, and for a call alone. */
  readonly call: CallDraft | null;
  /** Whether somebody is to be told how it ends. */
  readonly callback: boolean;
  readonly maxAttempts: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Until when it is tried to send it: no longer than the code lives. */
  readonly sendUntil: number;
  /** Until when the sealed content may be kept: the later of expiry and the account's reveal window. */
  readonly keepContentUntil: number;
  /** Draws the account's next integer id, for dialects that show one. */
  readonly numbered: boolean;
  /** The limits that this send counts against; an empty list counts against none. */
  readonly limits: readonly LimitCheck[];
  /** Present when the caller gave an idempotency key (or a dialect's request id). */
  readonly replay: Replay | null;
}

/** The first send of a verification, which begins with it. */
export interface VerificationStart {
  readonly kind: 'start';
  readonly steps: readonly WorkflowStep[];
  /** When it is to be looked at first. */
  readonly dueAt: number;
  /** Subjects whose failed checks forbid the send: a code that may not be checked would be paid for in vain. */
  readonly failures: readonly FailureCheck[];
  /** The one end user's address that checks must come from, as a digest; null: any. */
  readonly ipDigest: string | null;
  /** Whether somebody is to be told how it ends, and where, sealed; null: to the account's own receivers. */
  readonly callback: boolean;
  readonly callbackSealed: string | null;
  /** JSON objects and lists of the caller's, shown again. */
  readonly metadata: string;
  readonly warnings: string;
}

/** One more send of a verification: its otp stands already, and what this delivery says is its own. */
export interface VerificationSend {
  readonly kind: 'resend' | 'step';
  /** Which of the workflow's steps this is; a resend leaves the workflow where it is. */
  readonly step: number;
  readonly failures: readonly FailureCheck[];
}

export interface LimitCheck {
  readonly name: SendLimit;
  /** Which bucket; unique within the account. */
  readonly subject: string;
  readonly rules: readonly LimitRule[];
}

export interface Replay {
  readonly key: string;
  readonly bodyDigest: string;
  /** How long the key is remembered, ms. */
  readonly keepMs: number;
  /** The answer that a replay gets, sealed; absent where it is made of what the row holds. */
  readonly answerSealed?: string;
}

/** What the store loads, and locks, before a batch is judged. Absent rows are absent from the maps. */
export interface AcceptState {
  readonly balances: ReadonlyMap<string, Balance>;
  readonly counters: ReadonlyMap<string, number>;
  readonly limits: ReadonlyMap<string, readonly number[]>;
  readonly replays: ReadonlyMap<string, ReplayRow>;
  /** Those that the batch sends for again, by `accountKey(accountId, id)`. */
  readonly verifications: ReadonlyMap<string, VerificationRow>;
  /** Times of failed checks, by `accountKey(accountId, subject)`. */
  readonly failures: ReadonlyMap<string, readonly number[]>;
}

/** granted = available + held + captured, all ≥ 0; `available` is derived and so cannot disagree. */
export interface Balance {
  readonly granted: number;
  readonly held: number;
  readonly captured: number;
}

export interface ReplayRow {
  readonly bodyDigest: string;
  readonly otpId: string;
  readonly deliveryId: string;
  readonly number: number | null;
  readonly answerSealed: string | null;
  readonly keepUntil: number;
}

export type AcceptVerdict =
  | {
      readonly accepted: true;
      /** False: the same idempotency key was accepted before; nothing was sent or charged again. */
      readonly fresh: boolean;
      readonly otpId: string;
      readonly deliveryId: string;
      /** The account's integer id, where the dialect shows one. */
      readonly number: number | null;
      /** Credits left after this send, both pools. */
      readonly available: Readonly<Record<Pool, number>>;
      /** The answer that was stored with the request that this one repeats; absent for a fresh one, and where none was stored. */
      readonly answerSealed?: string;
      /** What the tightest limit leaves; absent where there is none, and for a replay. */
      readonly quota?: Quota;
    }
  | { readonly accepted: false; readonly refusal: Refusal };

/** What a limit leaves after a send, by the tightest of its rules. */
export interface Quota extends Left {
  readonly limit: SendLimit;
}

/** What the store saves: only rows that changed, plus the rows of each fresh accepted request. */
export interface AcceptWrites {
  /** The accepted requests, with their numbers. Delivery and hold are inserted for each; otp and verification unless it sends again for those. */
  readonly inserts: readonly { readonly request: AcceptRequest; readonly number: number | null }[];
  readonly balances: ReadonlyMap<string, Balance>;
  readonly counters: ReadonlyMap<string, number>;
  readonly limits: ReadonlyMap<string, { readonly tats: readonly number[]; readonly expiresAt: number }>;
  readonly replays: ReadonlyMap<string, ReplayRow>;
  /** Verifications that were sent for again. */
  readonly verifications: ReadonlyMap<string, VerificationRow>;
}

/** Key of a balance in the maps above. */
export function balanceKey(accountId: string, pool: Pool): string {
  return `${accountId} ${pool}`;
}

/** Key of a counter, a limit or a replay in the maps above; a subject or key holds no space before its first character. */
export function accountKey(accountId: string, rest: string): string {
  return `${accountId} ${rest}`;
}
