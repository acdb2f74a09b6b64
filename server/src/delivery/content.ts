import type { SpokenCall } from '../voice/spoken-call.ts';

/** What an otp's sealed content cell holds, as JSON. */
export interface OtpContent {
  readonly code: string;
  readonly text: string;
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
