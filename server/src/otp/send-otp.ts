import type { Channel, Pool } from '../errors.ts';
import type { Dialect, Mode, Replay } from '../rules/accept.ts';
import type { Account } from '../store/tables/accounts.ts';
import type { PhoneNumber } from '../values/phone-number.ts';
import type { Secret } from '../values/secret.ts';

/** What every dialect turns its JSON into: one code to one number, nothing left to parse. */
export interface SendOtp {
  readonly account: Account;
  readonly mode: Mode;
  readonly dialect: Dialect;
  readonly channel: Channel;
  readonly number: PhoneNumber;
  /** The number as the caller wrote it, for dialects that echo it. */
  readonly numberAsSent: string;
  readonly code: Secret;
  /** The message with the code in it, as the callee reads it. */
  readonly text: string;
  /** Alphanumeric, E.164 or short code; null: the account's sender, else the carrier's. */
  readonly sender: string | null;
  /** How long the code lives, ms. */
  readonly ttlMs: number;
  /** Wrong checks allowed, 1–100. */
  readonly maxAttempts: number;
  /** What the dialect wants back in its lists, as JSON; never the code or the text. */
  readonly options: string;
  /** Whether the otp draws one of the account's integer ids. */
  readonly numbered: boolean;
  readonly replay: Replay | null;
}

/** An accepted send: committed, and on its way. */
export interface SentOtp {
  readonly otpId: string;
  readonly number: number | null;
  readonly segments: number;
  /** How long the call speaks, seconds; absent for an SMS. */
  readonly spokenSeconds?: number;
  readonly credits: number;
  readonly available: Readonly<Record<Pool, number>>;
  /** False: a replay of an earlier request; nothing was sent or charged again. */
  readonly fresh: boolean;
}

/**
 * Sends one code. Resolves after the commit that holds its credits, before the carrier has it.
 * Rejects with `destination_refused`, `rate_limited`, `credits_exhausted`, `channel_unavailable`, `idempotency_mismatch` or
 * `unavailable`; nothing is then sent or charged.
 */
export type SendsOtp = (request: SendOtp) => Promise<SentOtp>;
