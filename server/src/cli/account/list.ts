import type { Command } from 'commander';
import type { Account, AccountStore } from '../../store/tables/accounts.ts';
import { answer } from '../answer.ts';
import type { Shell } from '../shell.ts';
import { table } from '../table.ts';
import { writeTime } from '../time.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { accountDocument } from './document.ts';

const PAGE = 100;

export function registerAccountList(parent: Command, shell: Shell): void {
  const command = parent.command('list').description('list the accounts, newest first');
  storeFlags(command).action((options: StoreOptions) =>
    withStore(shell, options, async ({ store }) => {
      const accounts = await everyAccount(store.accounts);
      const columns = [{ title: 'LOGIN' }, { title: 'NAME' }, { title: 'COUNTRY' }, { title: 'MODE' }];
      const rows = accounts.map(({ login, name, country, mode, disabledAt, createdAt, id }) => {
        return [login, name, country, disabledAt === null ? mode : 'disabled', writeTime(createdAt), id];
      });
      const text = table([...columns, { title: 'CREATED' }, { title: 'ID' }], rows);
      answer(shell, options, { data: accounts.map(accountDocument) }, text);
    }),
  );
}

async function everyAccount(store: AccountStore): Promise<readonly Account[]> {
  const accounts: Account[] = [];
  for (;;) {
    const page = await store.list(PAGE, accounts.at(-1)?.id ?? null);
    accounts.push(...page);
    if (page.length < PAGE) return accounts;
  }
}
