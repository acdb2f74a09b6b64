import type { Pool } from '../../errors.ts';
import type { Balance } from '../../rules/accept.ts';

/** One row of the ledger. A hold and its end share their subject: the delivery. */
export interface CreditEntry {
  readonly accountId: string;
  /** The delivery of a hold, capture or release; the grant's own id. */
  readonly subject: string;
  readonly kind: 'grant' | 'hold' | 'capture' | 'release';
  readonly pool: Pool;
  /** Whole credits; negative only in a grant that takes credits back. */
  readonly amount: number;
  readonly note: string | null;
  readonly at: number;
}

export interface CreditStore {
  balances(accountId: string): Promise<Readonly<Record<Pool, Balance>>>;
  /** Adds a grant. A negative amount that would take more than is available is refused with `credits_exhausted`. */
  grant(entry: {
    accountId: string;
    id: string;
    pool: Pool;
    amount: number;
    note: string | null;
    at: number;
  }): Promise<Balance>;
  /** By subject, newest first; a hold stands beside its end. */
  list(accountId: string, limit: number, after: string | null): Promise<readonly CreditEntry[]>;
  /** What the ledger's rows add up to, for the checker: must equal `balances`. */
  sums(accountId: string): Promise<Readonly<Record<Pool, Balance & { readonly openHolds: number }>>>;
}
