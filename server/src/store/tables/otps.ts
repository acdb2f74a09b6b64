import type { Channel } from '../../errors.ts';
import type { Dialect, Mode } from '../../rules/accept.ts';
import type { DeliveryState, Reason } from '../../rules/outcome.ts';

/** An otp with the delivery that came last. Sealed cells are opened by whoever may. */
export interface OtpRow {
  readonly accountId: string;
  readonly id: string;
  readonly dialect: Dialect;
  readonly mode: Mode;
  readonly number: number | null;
  readonly channel: Channel;
  readonly numberDigest: string;
  readonly numberSealed: string | null;
  /** Null once the content was erased. */
  readonly contentSealed: string | null;
  readonly options: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly keepContentUntil: number;
  readonly delivery: {
    readonly id: string;
    readonly state: DeliveryState;
    readonly reason: Reason | null;
    readonly carrier: string | null;
    readonly segments: number;
    readonly credits: number;
    readonly submittedAt: number | null;
    readonly finalAt: number | null;
  };
}

export interface OtpFilter {
  readonly dialect?: Dialect;
  readonly mode?: Mode;
  readonly channel?: Channel;
  readonly numberDigest?: string;
  /** A text that must stand in `options` as `"otp_options":"…"`; see the dialect. */
  readonly variant?: string;
  /** Inclusive. */
  readonly createdAfter?: number;
  /** Inclusive. */
  readonly createdBefore?: number;
}

export interface OtpStore {
  /** Newest first. */
  page(accountId: string, filter: OtpFilter, limit: number, offset: number): Promise<readonly OtpRow[]>;
  count(accountId: string, filter: OtpFilter): Promise<number>;
  get(accountId: string, id: string): Promise<OtpRow | null>;
  /** Newest first, after the otp with id `after`. */
  after(accountId: string, filter: OtpFilter, limit: number, after: string | null): Promise<readonly OtpRow[]>;
  attempts(accountId: string, deliveryId: string): Promise<readonly AttemptRow[]>;
  /** Erases content past its keeping time, at most `limit` rows; returns how many. Never a row that is still to be sent. */
  eraseContent(now: number, limit: number): Promise<number>;
}

export interface AttemptRow {
  readonly n: number;
  readonly part: number;
  readonly carrier: string;
  readonly outcome: 'accepted' | 'refused' | 'unknown' | 'not_sent';
  readonly code: number | null;
  readonly at: number;
  readonly receipt: 'delivered' | 'failed' | null;
  readonly receiptCode: string | null;
  readonly receiptAt: number | null;
}
