import type { Command } from 'commander';
import type { ApiKey } from '../../store/tables/keys.ts';
import { answer } from '../answer.ts';
import { findAccount } from '../find-account.ts';
import type { Shell } from '../shell.ts';
import { table } from '../table.ts';
import { writeTime } from '../time.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { keyDocument } from './document.ts';
import { kindInWords } from './new-key.ts';

interface Options extends StoreOptions {
  readonly account?: string;
}

export function registerKeyList(parent: Command, shell: Shell): void {
  const command = parent
    .command('list')
    .description("list an account's keys, newest first, revoked ones included")
    .option('--account <login|id>', 'whose keys; not needed while there is only one account');
  storeFlags(command).action((options: Options) =>
    withStore(shell, options, async ({ store }) => {
      const account = await findAccount(store.accounts, options.account);
      const keys = await store.keys.list(account.id);
      const now = shell.clock.now();
      const columns = ['KEY', 'KIND', 'NAME', 'STATE', 'LAST USED', 'CREATED', 'ID'].map((title) => ({ title }));
      const rows = keys.map((key) => {
        const used = key.lastUsedAt === null ? 'never' : writeTime(key.lastUsedAt);
        return [key.hint, kindInWords(key), key.name, stateOf(key, now), used, writeTime(key.createdAt), key.id];
      });
      answer(shell, options, { data: keys.map(keyDocument) }, table(columns, rows));
    }),
  );
}

function stateOf({ revokedAt }: ApiKey, now: number): string {
  if (revokedAt === null) return 'works';
  return revokedAt <= now ? 'revoked' : `until ${writeTime(revokedAt)}`;
}
