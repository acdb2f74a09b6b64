import { PassbellError } from '../errors.ts';
import type { Account, AccountPatch, AccountStore } from '../store/tables/accounts.ts';

/** Changes an account on top of what stands in the store: `change` sees it as it is, not as a cache has it. */
export type AccountDesk = (accountId: string, change: (account: Account) => AccountPatch) => Promise<Account>;

/**
 * A desk that takes one change of an account after the other, so that two made at once on this node are both kept; of two made
 * at once on two nodes the later one stands. `change` may throw: nothing is then changed. Rejects with `not_found` or `unavailable`.
 *
 * @param seen called after each change, and waited for: this node must not answer by what it remembers from before
 */
export function accountDesk(
  accounts: Pick<AccountStore, 'get' | 'patch'>,
  seen: () => Promise<void> = async () => {},
): AccountDesk {
  const last = new Map<string, Promise<unknown>>();

  async function apply(accountId: string, change: Parameters<AccountDesk>[1]): Promise<Account> {
    const account = await accounts.get(accountId);
    const changed = account && (await accounts.patch(accountId, change(account)));
    if (!changed) throw new PassbellError('not_found', { what: 'account' });
    await seen();
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
