import type { Channel, Pool } from '../errors.ts';
import type { CallRecord } from './call-record.ts';

/**
 * The life of a delivery. `queued` (waits, or is with a node) → `submitted` (a carrier has it, a receipt is awaited) → one of
 * the final states. `sent`: the carrier took it and no receipt was asked for, or none came in time.
 */
export type DeliveryState = 'queued' | 'submitted' | FinalState;
export type FinalState = 'sent' | 'delivered' | 'undelivered' | 'failed' | 'expired';

/** Why a delivery ended without reaching the callee, or why a try of it failed. Closed, shown to users. */
export const REASONS = [
  'carrier_refused',
  'carrier_error',
  'carrier_unreachable',
  'outcome_unknown',
  'no_carrier',
  'receipt_undelivered',
  'receipt_rejected',
  'receipt_expired',
  'receipt_missing',
  /** Its code was over before a carrier had it, or anybody answered: too old, entered, or canceled. */
  'code_expired',
  /** The message was erased, or its key is gone, before a carrier had it. */
  'content_lost',
  /** The caller was told that the store could not be reached: what had been saved all the same was undone. */
  'store_lost',
  /** It rang, and nobody answered in time. */
  'call_unanswered',
  /** The callee, or the provider, refused the call. */
  'call_rejected',
  /** The call could not be made. */
  'call_failed',
  /** The node stopped in the middle of the call: whether the code was heard is not known. */
  'node_lost',
] as const;

export type Reason = (typeof REASONS)[number];

/** One part of a message in one try: a row of `attempts`. */
export interface AttemptPart {
  readonly part: number;
  /** `unknown`: it may have reached the carrier, no answer came. */
  readonly outcome: 'accepted' | 'refused' | 'unknown' | 'not_sent';
  /** The carrier's own code (SMPP command_status, HTTP status), where there was one. */
  readonly code: number | null;
  /** The carrier's id in canonical form; null where it gave none. */
  readonly messageId: string | null;
}

/** How one try ended, as the dispatcher reports it; fenced by `node`: a row that another node has taken is left alone. */
export interface Outcome {
  readonly accountId: string;
  readonly deliveryId: string;
  readonly node: string;
  readonly at: number;
  /** Null where no carrier was tried (expired in the queue, no carrier left). */
  readonly attempt: { readonly n: number; readonly carrier: string; readonly parts: readonly AttemptPart[] } | null;
  /** What is known of the call by now; absent for a message, and for a call that was never dialled. */
  readonly call?: CallRecord;
  readonly next: OutcomeNext;
}

export type OutcomeNext =
  /** The call was answered and goes on: its end is awaited until then. */
  | { readonly kind: 'in_call'; readonly until: number }
  | {
      readonly kind: 'await_receipt';
      readonly until: number;
      /** Parts of the message that a receipt is awaited for, over all tries at this carrier. */
      readonly parts: number;
    }
  | { readonly kind: 'retry'; readonly dueAt: number }
  | { readonly kind: 'final'; readonly state: FinalState; readonly reason: Reason | null };

/** A delivery as the pure rules see it. */
export interface DeliveryRow {
  readonly accountId: string;
  readonly id: string;
  readonly otpId: string;
  readonly channel: Channel;
  readonly pool: Pool;
  readonly credits: number;
  readonly state: DeliveryState;
  readonly node: string | null;
  /** The carrier that was tried last; null before the first try. */
  readonly carrier: string | null;
  /** Tries whose outcome was saved. */
  readonly tries: number;
  /** Parts that a receipt is awaited for; 0 before the message was submitted. */
  readonly parts: number;
  /** Of those, the ones reported as delivered. Only receipts of `carrier` count. */
  readonly partsDelivered: number;
  /** Whether the hold has ended (captured or released). */
  readonly settled: boolean;
  /** Whether somebody is to be told how it ends. */
  readonly callback: boolean;
  /** Whether it carries a code that is checked here. */
  readonly verification: boolean;
}

/** What a carrier reports about one part after it took it. */
export interface Receipt {
  readonly carrier: string;
  readonly messageId: string;
  readonly state: ReceiptState;
  /** The carrier's own error code as text (SMPP `err:`), at most 10 characters. */
  readonly code: string | null;
  readonly at: number;
}

/** `pending` states (ENROUTE, BUFFRED, ACCEPTD, ACKED) are noted on the attempt and move nothing. */
export type ReceiptState = 'pending' | 'delivered' | 'undelivered' | 'rejected' | 'expired' | 'deleted' | 'unknown';
