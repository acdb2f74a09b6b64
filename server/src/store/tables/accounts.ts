import type { AccountSettings } from '../../accounts/settings.ts';
import type { Pool } from '../../errors.ts';
import type { ApiKey } from './keys.ts';
import type { User } from './users.ts';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly country: string;
  readonly timeZone: string;
  /** What a signed-in session acts as: an account stays in the sandbox until its operator takes it live. */
  readonly mode: 'test' | 'live';
  readonly settings: AccountSettings;
  readonly createdAt: number;
  readonly disabledAt: number | null;
}

export type AccountPatch = Partial<Pick<Account, 'name' | 'country' | 'timeZone' | 'mode' | 'settings' | 'disabledAt'>>;

/** An account with all that it starts with. `keys` may hold an admin token: the very first account comes with one. */
export interface Opening {
  readonly account: Account;
  readonly users: readonly User[];
  readonly keys: readonly ApiKey[];
  /** Grants of at least 1 credit, written as ledger entries at the account's creation time. */
  readonly grants: readonly { readonly id: string; readonly pool: Pool; readonly amount: number; readonly note: string }[];
}

export interface AccountStore {
  /**
   * Creates an account with its users, keys and first credits, in one commit: no half account is ever seen, and of two calls for
   * one login exactly one succeeds. Rejects with `conflict` when the login or an e-mail is taken.
   */
  open(opening: Opening): Promise<void>;
  /** Creates the account with both balances at 0. Rejects with `conflict` when the login is taken. */
  create(account: Account): Promise<void>;
  get(id: string): Promise<Account | null>;
  byLogin(login: string): Promise<Account | null>;
  /** Newest first; `after` is the id of the last one seen. */
  list(limit: number, after: string | null): Promise<readonly Account[]>;
  patch(id: string, patch: AccountPatch): Promise<Account | null>;
  count(): Promise<number>;
}
