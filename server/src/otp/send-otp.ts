import type { PassbellError, Pool } from '../errors.ts';
import type { Dialect, Mode } from '../rules/accept.ts';
import type { Account } from '../store/tables/accounts.ts';
import type { PhoneNumber } from '../values/phone-number.ts';
import type { Secret } from '../values/secret.ts';
import type { SpokenCall } from '../voice/spoken-call.ts';
import type { ReplayedSend, StartVerification } from './verification.ts';

/** What every dialect turns its JSON into: one code to one number, nothing left to parse. */
export type SendOtp = SendBase & (SmsMessage | VoiceCall);

export interface SendBase {
  readonly account: Account;
  readonly mode: Mode;
  readonly dialect: Dialect;
  readonly number: PhoneNumber;
  /** The number as the caller wrote it, for dialects that echo it. */
  readonly numberAsSent: string;
  readonly code: Secret;
  /** The message with the code in it, as the callee reads it or as lists show it; empty where a dialect shows none. */
  readonly text: string;
  /** How long the code lives, ms. */
  readonly ttlMs: number;
  /** Wrong checks allowed, 1–100. */
  readonly maxAttempts: number;
  /** What the dialect wants back in its lists, as JSON; never the code or the text. */
  readonly options: string;
  /** Whether the otp draws one of the account's integer ids. */
  readonly numbered: boolean;
  readonly replay: ReplayedSend | null;
  /** Present for a code that is checked here. */
  readonly verification: VerificationPart | null;
  /** The uplink that is asked first; null: any. */
  readonly via: string | null;
}

/** What makes a send one of a verification: its first, which begins it, or one more. */
export type VerificationPart =
  | ({ readonly kind: 'start' } & Pick<
      StartVerification,
      'messages' | 'steps' | 'ip' | 'bindIp' | 'callbackUrl' | 'metadata' | 'warnings'
    >)
  | {
      readonly kind: 'resend' | 'step';
      readonly id: string;
      readonly step: number;
      readonly expiresAt: number;
    };

export interface SmsMessage {
  readonly channel: 'sms';
  /** Alphanumeric, E.164 or short code; null: the account's sender, else the carrier's. */
  readonly sender: string | null;
}

export interface VoiceCall {
  readonly channel: 'voice';
  readonly call: CallRequest;
}

/** A call that speaks the code. */
export interface CallRequest extends SpokenCall {
  /** Where its callback goes, already parsed; null: to the account's own receiver, if it has one. */
  readonly callbackUrl: string | null;
  /** The caller's own name for it, at most 64 characters. */
  readonly instructionId: string | null;
  /** Sentences for the call's record: what was asked for and could not be had, and what was taken instead. */
  readonly warnings: readonly string[];
}

/** An accepted send: committed, and on its way. */
export interface SentOtp {
  readonly otpId: string;
  /** For a call, the id of its record. */
  readonly deliveryId: string;
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
 * Sends one code. Resolves after the commit that holds its credits, before the carrier or the trunk has it.
 * Rejects with `destination_refused`, `rate_limited`, `credits_exhausted`, `channel_unavailable`, `idempotency_mismatch`,
 * `invalid_request` (audio files that are not there, SSML that is refused) or `unavailable`; nothing is then sent or charged.
 */
export type SendsOtp = (request: SendOtp) => Promise<SentOtp>;

/**
 * Sends several codes that belong together (one request names several callees): credits must be there for all of them, or none is sent. Resolves
 * to each one's fate, in order: its own limit or destination may refuse one beside others that are sent. Rejects, with nothing sent, as `SendsOtp`
 * does for what concerns all: credits, channel, content.
 */
export type SendsTogether = (requests: readonly SendOtp[]) => Promise<readonly (SentOtp | NotSent)[]>;

/** Why one of several was not sent. */
export interface NotSent {
  readonly refused: PassbellError;
}
