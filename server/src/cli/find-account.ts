import type { Account, AccountStore } from '../store/tables/accounts.ts';
import { isId } from '../values/id.ts';
import { CommandError } from './command-error.ts';
import { nearest } from './nearest.ts';

/** How many logins are looked through for a guess. */
const GUESSES = 500;

/**
 * The account with this login or id. Without either, the only account there is. Rejects with a `CommandError` when there is none, or
 * when there are several to choose from.
 */
export async function findAccount(accounts: AccountStore, wanted: string | undefined): Promise<Account> {
  if (wanted === undefined) return onlyAccount(accounts);
  const text = wanted.trim().toLowerCase();
  const found = isId(text) ? await accounts.get(text) : await accounts.byLogin(text);
  if (found !== null) return found;
  const guess = nearest(
    text,
    (await accounts.list(GUESSES, null)).map(({ login }) => login),
  );
  const cure = guess === null ? '`passbell account list` shows what there is.' : `Did you mean ${guess}?`;
  throw new CommandError('not_found', `There is no account '${wanted}'. ${cure}`);
}

async function onlyAccount(accounts: AccountStore): Promise<Account> {
  const [first, second] = await accounts.list(2, null);
  if (first === undefined) throw new CommandError('not_found', 'There is no account yet.');
  if (second === undefined) return first;
  const cure = 'Name one by its login or id; `passbell account list` shows them.';
  throw new CommandError('usage', `There are several accounts. ${cure}`);
}
