import { PassbellError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Account } from '../store/tables/accounts.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The account whose id stands in a path. Rejects with `not_found`. */
export async function accountAt({ accounts }: Pick<Store, 'accounts'>, id = ''): Promise<Account> {
  const account = UUID.test(id) ? await accounts.get(id) : null;
  if (account === null) throw new PassbellError('not_found', { what: 'account' });
  return account;
}
