import type { AccountSettings } from '../../accounts/settings.ts';

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

export interface AccountStore {
  /** Creates the account with both balances at 0. Rejects with `conflict` when the login is taken. */
  create(account: Account): Promise<void>;
  get(id: string): Promise<Account | null>;
  byLogin(login: string): Promise<Account | null>;
  /** Newest first; `after` is the id of the last one seen. */
  list(limit: number, after: string | null): Promise<readonly Account[]>;
  patch(id: string, patch: AccountPatch): Promise<Account | null>;
  count(): Promise<number>;
}
