import type { ReceiptState } from '../rules/outcome.ts';
import type { SmsPart } from './segments.ts';

/** One message, encoded, ready for a carrier. */
export interface OutboundSms {
  /** The delivery's id: unique, for logs and for the handset; never shown to a carrier. */
  readonly id: string;
  readonly accountId: string;
  /** E.164 with `+`. */
  readonly to: string;
  /** Alphanumeric (≤ 11), E.164 with `+`, or a short code of digits; null: the carrier's default. */
  readonly from: string | null;
  readonly text: string;
  readonly encoding: 'gsm7' | 'ucs2';
  /** In order; each is at most 140 octets on the air, header included. */
  readonly parts: readonly SmsPart[];
  /** When the code dies, ms since the epoch: a carrier may pass it on as validity_period. */
  readonly expiresAt: number;
}

/**
 * What became of one part. `unknown`: it may have arrived (no answer in time, or the connection broke after it was written).
 * Parts that a carrier took as one message (SMPP's message_payload) share its id, and get one receipt for all of them.
 */
export type PartResult =
  | { readonly outcome: 'accepted'; readonly messageId: string | null }
  | { readonly outcome: 'refused'; readonly code: number; readonly retry: Retry }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'not_sent' };

/** What the dispatcher may do after a refusal: never again, at another carrier only, or here again later. */
export type Retry = 'never' | 'elsewhere' | 'later';

/** A carrier's report, its message id in the carrier's canonical form (the form `send` answered with). */
export interface CarrierReceipt {
  readonly messageId: string;
  readonly state: ReceiptState;
  readonly code: string | null;
  /** When the carrier says it happened, or else when it came; ms since the epoch. */
  readonly at: number;
}

export interface CarrierStatus {
  readonly state: 'up' | 'degraded' | 'down';
  /** Messages that can be handed over now. */
  readonly free: number;
  /** A sentence for people, when not `up`: what is wrong and what to look at. Holds no password. */
  readonly trouble: string | null;
}

/**
 * An SMS uplink. It never retries by itself: the dispatcher owns retries. It never rejects: what went wrong is in the results.
 * The dispatcher hands over at most `status().free` messages before the next `onFree`.
 */
export interface Carrier {
  readonly name: string;
  /** Whether an accepted message will be reported on. */
  readonly receipts: boolean;
  /** Resolves once each part is answered or given up: one result per part, in order. `signal` stops waiting for free capacity, not for answers. */
  send(sms: OutboundSms, signal: AbortSignal): Promise<readonly PartResult[]>;
  status(): CarrierStatus;
  /** Calls `listener` whenever capacity comes free, or the state changes. */
  onFree(listener: () => void): void;
  /**
   * Reports arrive in batches. The carrier acknowledges a batch to the far end when the promise resolves (it is then committed);
   * when it rejects, it asks the far end to deliver again later.
   */
  onReceipts(listener: (receipts: readonly CarrierReceipt[]) => Promise<void>): void;
  /** Takes no more, waits for open answers up to `graceMs`, then disconnects. */
  close(graceMs: number): Promise<void>;
}
