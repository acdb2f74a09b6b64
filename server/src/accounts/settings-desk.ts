import { PassbellError } from '../errors.ts';
import type { Account, AccountStore } from '../store/tables/accounts.ts';
import type { AccountSettings } from './settings.ts';

/** Changes settings on top of what stands in the store: `change` sees the settings as they are, not as a cache has them. */
export type SettingsDesk = (
  accountId: string,
  change: (settings: AccountSettings) => Partial<AccountSettings>,
) => Promise<Account>;

/**
 * A desk that takes one change of an account after the other, so that two made at once on this node are both kept. `change` may
 * throw: nothing is then changed. Rejects with `not_found` (the account) or `unavailable`.
 */
export function settingsDesk(accounts: Pick<AccountStore, 'get' | 'patch'>): SettingsDesk {
  const last = new Map<string, Promise<unknown>>();

  async function apply(accountId: string, change: Parameters<SettingsDesk>[1]): Promise<Account> {
    const account = await accounts.get(accountId);
    const settings = account && { ...account.settings, ...change(account.settings) };
    const changed = settings && (await accounts.patch(accountId, { settings }));
    if (!changed) throw new PassbellError('not_found', { what: 'account' });
    return changed;
  }

  return (accountId, change) => {
    const turn = () => apply(accountId, change);
    const done = (last.get(accountId) ?? Promise.resolve()).then(turn, turn);
    last.set(accountId, done);
    const forget = () => {
      if (last.get(accountId) === done) last.delete(accountId);
    };
    done.then(forget, forget);
    return done;
  };
}
