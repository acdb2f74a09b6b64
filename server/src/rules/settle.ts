import type { Balance } from './accept.ts';
import type { CallRecord } from './call-record.ts';
import type { CallbackDue } from './callback.ts';
import type { DeliveryRow, DeliveryState, Outcome, Reason, Receipt } from './outcome.ts';

/** A part that a carrier took, as far as a receipt needs it. */
export interface PartRow {
  readonly accountId: string;
  readonly deliveryId: string;
  readonly n: number;
  readonly part: number;
  readonly carrier: string;
  readonly messageId: string;
  /** Null until a final receipt for this part was counted. */
  readonly receipt: 'delivered' | 'failed' | null;
}

export interface SettleState {
  readonly deliveries: ReadonlyMap<string, DeliveryRow>;
  readonly balances: ReadonlyMap<string, Balance>;
  /** Parts by `partKey(carrier, messageId)`: those the receipts name. */
  readonly parts: ReadonlyMap<string, PartRow>;
  /** Receipts that came before their submit was saved, by `partKey`. */
  readonly parked: ReadonlyMap<string, Receipt>;
}

export interface DeliveryChange {
  readonly row: DeliveryRow;
  readonly reason: Reason | null;
  /** When the row is to be looked at again (retry, receipt deadline); null: it keeps what it has, or is final. */
  readonly dueAt: number | null;
  /** Set by this batch; null: the row keeps what it has. */
  readonly submittedAt: number | null;
  /** Set by this batch; null: the row keeps what it has. */
  readonly finalAt: number | null;
}

/** A final receipt, noted on the part it is for. */
export interface PartChange extends PartRow {
  readonly code: string | null;
  readonly at: number;
}

/** The end of a hold: a row of the ledger. */
export interface CreditEnd {
  readonly accountId: string;
  readonly deliveryId: string;
  readonly pool: 'sms' | 'voice';
  readonly kind: 'capture' | 'release';
  readonly amount: number;
  readonly at: number;
}

/** What became known of a call. */
export interface CallChange {
  readonly accountId: string;
  readonly deliveryId: string;
  readonly record: CallRecord;
}

/** A delivery of a verification that did not reach the callee: somebody is to look at once what to do about it. */
export interface Nudge {
  readonly accountId: string;
  /** The verification's. */
  readonly id: string;
}

export interface SettleWrites {
  readonly calls: readonly CallChange[];
  /** Rows of the outbox. */
  readonly callbacks: readonly CallbackDue[];
  readonly nudges: readonly Nudge[];
  readonly deliveries: ReadonlyMap<string, DeliveryChange>;
  readonly attempts: readonly Outcome[];
  readonly parts: ReadonlyMap<string, PartChange>;
  readonly credits: readonly CreditEnd[];
  readonly balances: ReadonlyMap<string, Balance>;
  readonly park: readonly Receipt[];
  readonly unpark: readonly string[];
}

/** What happened to one outcome or receipt of the batch. `stale`: fenced off or already final. `parked`: its submit is not known yet. */
export type SettleVerdict =
  | {
      readonly kind: 'applied';
      readonly state: DeliveryState;
      /** Absent: nobody is owed one. */
      readonly callback?: CallbackDue;
    }
  | { readonly kind: 'stale' }
  | { readonly kind: 'parked' };

export function deliveryKey(accountId: string, deliveryId: string): string {
  return `${accountId} ${deliveryId}`;
}

export function partKey(carrier: string, messageId: string): string {
  return `${carrier} ${messageId}`;
}
