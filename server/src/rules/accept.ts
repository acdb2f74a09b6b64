import type { Channel, Pool, Refusal } from '../errors.ts';
import type { CallDraft } from './call-record.ts';
import type { LimitRule } from './gcra.ts';

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
  /** Until when the sealed content may be kept: the later of expiry and the account's reveal window. */
  readonly keepContentUntil: number;
  /** Draws the account's next integer id, for dialects that show one. */
  readonly numbered: boolean;
  /** The limits that this send counts against; an empty list counts against none. */
  readonly limits: readonly LimitCheck[];
  /** Present when the caller gave an idempotency key (or a dialect's request id). */
  readonly replay: Replay | null;
}

export interface LimitCheck {
  readonly name: 'number' | 'account';
  /** Which bucket; unique within the account. */
  readonly subject: string;
  readonly rules: readonly LimitRule[];
}

export interface Replay {
  readonly key: string;
  readonly bodyDigest: string;
  /** How long the key is remembered, ms. */
  readonly keepMs: number;
}

/** What the store loads, and locks, before a batch is judged. Absent rows are absent from the maps. */
export interface AcceptState {
  readonly balances: ReadonlyMap<string, Balance>;
  readonly counters: ReadonlyMap<string, number>;
  readonly limits: ReadonlyMap<string, readonly number[]>;
  readonly replays: ReadonlyMap<string, ReplayRow>;
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
    }
  | { readonly accepted: false; readonly refusal: Refusal };

/** What the store saves: only rows that changed, plus the rows of each fresh accepted request. */
export interface AcceptWrites {
  /** Indexes into the batch of the requests whose otp, delivery and hold rows are inserted, with their numbers. */
  readonly inserts: readonly { readonly request: AcceptRequest; readonly number: number | null }[];
  readonly balances: ReadonlyMap<string, Balance>;
  readonly counters: ReadonlyMap<string, number>;
  readonly limits: ReadonlyMap<string, { readonly tats: readonly number[]; readonly expiresAt: number }>;
  readonly replays: ReadonlyMap<string, ReplayRow>;
}

/** Key of a balance in the maps above. */
export function balanceKey(accountId: string, pool: Pool): string {
  return `${accountId} ${pool}`;
}

/** Key of a counter, a limit or a replay in the maps above; a subject or key holds no space before its first character. */
export function accountKey(accountId: string, rest: string): string {
  return `${accountId} ${rest}`;
}
