import { Type } from '@sinclair/typebox';
import { PassbellError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Account } from '../store/tables/accounts.ts';

const PATTERN = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
const UUID = new RegExp(PATTERN);

/** The parameters of paths in which an account stands. */
export const accountParams = {
  id: Type.String({
    pattern: PATTERN,
    description: 'The id of an account.',
    examples: ['0199a3c5-7e2b-7c41-9d0f-3b6a58c1e2f7'],
  }),
};

/** The account whose id stands in a path. Rejects with `not_found`. */
export async function accountAt({ accounts }: Pick<Store, 'accounts'>, id = ''): Promise<Account> {
  const account = UUID.test(id) ? await accounts.get(id) : null;
  if (account === null) throw new PassbellError('not_found', { what: 'account' });
  return account;
}
