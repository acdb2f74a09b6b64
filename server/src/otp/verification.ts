import type { VerificationMessages } from '../delivery/content.ts';
import type { Channel, Pool } from '../errors.ts';
import type { Dialect, Mode, Quota, Replay } from '../rules/accept.ts';
import type { FinalVerificationState, VerificationState, WorkflowStep } from '../rules/verification.ts';
import type { Wrong } from '../rules/verify.ts';
import type { Account } from '../store/tables/accounts.ts';
import type { Verification } from '../store/tables/verifications.ts';
import type { PhoneNumber } from '../values/phone-number.ts';
import type { Secret } from '../values/secret.ts';

/** A code that is sent now, perhaps again later, and checked here. */
export interface StartVerification {
  readonly account: Account;
  readonly mode: Mode;
  readonly dialect: Dialect;
  readonly number: PhoneNumber;
  /** The number as the caller wrote it, for dialects that echo it. */
  readonly numberAsSent: string;
  readonly code: Secret;
  /** How long the code lives, ms. A resend does not extend it. */
  readonly ttlMs: number;
  /** Wrong checks allowed, 1–100. */
  readonly maxAttempts: number;
  readonly messages: VerificationMessages;
  /** At least one; the first is sent now. Every channel that is named here has a message. */
  readonly steps: readonly WorkflowStep[];
  /** The end user's address, which counts in the account's limits; null: not known. */
  readonly ip: string | null;
  /** A check that names an address must name this one. */
  readonly bindIp: boolean;
  /** Who is told how it ends besides the account's own receivers, already parsed. */
  readonly callbackUrl: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** What the dialect shows again, as JSON; never the code or the text. */
  readonly options: string;
  /** Sentences for the record: what was cast, cut or ignored. */
  readonly warnings: readonly string[];
  /** Stored in the commit that accepts the send. */
  readonly replay: ReplayedSend | null;
}

/** An idempotency key, and the answer that its replays get. */
export interface ReplayedSend extends Omit<Replay, 'answerSealed'> {
  /** Makes the answer, from what is known before the commit; absent: replays are told the ids alone. */
  readonly answer?: (facts: SendFacts) => string;
}

/** What is known of a send before its commit. */
export interface SendFacts {
  /** The verification's. */
  readonly id: string;
  readonly deliveryId: string;
  readonly channel: Channel;
  /** SMS segments; 0 for a call. */
  readonly segments: number;
  /** How long the call speaks, seconds; 0 for an SMS. */
  readonly spokenSeconds: number;
  readonly credits: number;
  readonly createdAt: number;
  /** When the code dies. */
  readonly expiresAt: number;
}

/** A send that was committed and is on its way. */
export interface SentVerification extends SendFacts {
  /** False: a replay of an earlier request; nothing was sent or charged again, and the facts other than the ids are those of now. */
  readonly fresh: boolean;
  /** The stored answer of a replay; null for a fresh send, and where none was stored. */
  readonly answer: string | null;
  readonly available: Readonly<Record<Pool, number>>;
  /** What the tightest limit leaves; null where there is none. */
  readonly quota: Quota | null;
}

/**
 * Sends a code that is checked here. Resolves after the commit. Rejects as `SendsOtp` does, and with `rate_limited` (`failures`) while the
 * number is locked; nothing is then sent or charged.
 */
export type StartsVerification = (request: StartVerification) => Promise<SentVerification>;

/** Whose verification it is. One of another account, mode or dialect is not found. */
export interface Asker {
  readonly account: Account;
  readonly mode: Mode;
  readonly dialect: Dialect;
}

/** A code, and which verification it is for: the one with this id, or the newest of a number. */
export type CheckAsk = Asker & CodeGiven & (ById | ByNumber);

/** What was typed in, and where. */
export interface CodeGiven {
  readonly code: Secret;
  /** The end user's address; null: not known. */
  readonly ip: string | null;
  readonly replay: Replay | null;
}

export interface ById {
  /** A malformed one is not found. */
  readonly id: string;
  /** Whose it must be, too; null: anybody's. */
  readonly number: PhoneNumber | null;
}

export interface ByNumber {
  readonly id?: never;
  readonly number: PhoneNumber;
  /** `pending`: an ended one hides none that still runs. */
  readonly among: 'pending' | 'all';
}

export type Checked =
  | { readonly kind: 'approved'; readonly id: string; readonly fresh: boolean }
  | (Wrong & { readonly id: string; readonly fresh: boolean })
  /** It had ended before: the code was not looked at. */
  | { readonly kind: 'final'; readonly id: string; readonly state: FinalVerificationState; readonly fresh: boolean }
  | { readonly kind: 'not_found' };

export interface WishAsk extends Asker {
  readonly id: string;
  readonly replay: Replay | null;
}

export interface SendAsk extends Asker {
  /** As it was loaded a moment ago: what has become of it since is seen in the commit. */
  readonly verification: Verification;
  readonly replay: ReplayedSend | null;
}

/** The state after a wish. `changed` false: it had ended before. */
export interface Wished {
  readonly state: VerificationState;
  readonly changed: boolean;
  readonly fresh: boolean;
}

/**
 * What can be done with verifications that run. All reject with `idempotency_mismatch`: nothing was then done; and with `unavailable`: nothing was
 * then sent or charged, nor done where the reason is `overloaded`; else it is not known whether a check was counted, or a wish fulfilled.
 */
export interface Verifications {
  /** Resolves after the commit that counts the attempt. Rejects with `rate_limited` (`failures`) while the number, or the address, is locked. */
  check(ask: CheckAsk): Promise<Checked>;
  /** The same code again, with its expiry and its count. Rejects with `not_found`, `verification_ended`, `rate_limited`, and as a send does. */
  resend(ask: SendAsk & { readonly channel: Channel | null }): Promise<SentVerification>;
  /** The workflow's next step, now. Rejects as a resend does, and with `conflict` (`workflow`) where there is none. */
  next(ask: SendAsk): Promise<SentVerification>;
  /** Null: not found. */
  cancel(ask: WishAsk): Promise<Wished | null>;
  feedback(ask: WishAsk & { readonly converted: boolean }): Promise<Wished | null>;
}
