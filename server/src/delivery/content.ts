import type { SpokenCall } from '../voice/spoken-call.ts';

/** What an otp's sealed content cell holds, as JSON. */
export interface OtpContent {
  readonly code: string;
  readonly text: string;
  /** What further sends of a verification say. */
  readonly messages?: VerificationMessages;
}

/** What a verification says on each channel, with the code in it; null where it is never sent by that channel. */
export interface VerificationMessages {
  readonly sms: {
    readonly text: string;
    /** Alphanumeric, E.164 or short code; null: the account's sender, else the carrier's. */
    readonly sender: string | null;
  } | null;
  readonly voice: {
    /** What lists show. */
    readonly text: string;
    readonly call: SpokenCall;
  } | null;
}

export interface SmsContent extends OtpContent {
  /** The sender asked for; null: the carrier's own. */
  readonly from: string | null;
}

export interface CallContent extends OtpContent {
  readonly call: SpokenCall;
}

/** What an otp's sealed number cell holds, as JSON. */
export interface OtpNumber {
  readonly e164: string;
  /** As the caller wrote it, for dialects that echo it. */
  readonly asSent: string;
}
