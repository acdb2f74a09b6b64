import type { Command } from 'commander';
import type { CreditEntry } from '../../store/tables/credits.ts';
import { answer } from '../answer.ts';
import { findAccount } from '../find-account.ts';
import { wholeBetween } from '../numbers.ts';
import { readings } from '../readings.ts';
import type { Shell } from '../shell.ts';
import { table } from '../table.ts';
import { writeTime } from '../time.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';

interface Options extends StoreOptions {
  readonly account?: string;
  readonly limit: string;
  readonly after?: string;
}

export function registerCreditsList(parent: Command, shell: Shell): void {
  const command = parent
    .command('list')
    .description("list an account's ledger, newest first; a hold stands beside its capture or release")
    .option('--account <login|id>', 'whose; not needed while there is only one account')
    .option('--limit <n>', 'how many grants and deliveries, 1 to 1000', '20')
    .option('--after <subject>', 'go on after this one');
  storeFlags(command).action((options: Options) =>
    withStore(shell, options, async ({ store }) => {
      const { read, done } = readings();
      const limit = read('--limit', options.limit, wholeBetween(1, 1000)) ?? 20;
      done();
      const account = await findAccount(store.accounts, options.account);
      const entries = await store.credits.list(account.id, limit, options.after ?? null);
      const words = ['AT', 'KIND', 'POOL'].map((title) => ({ title }));
      const columns = [...words, { title: 'AMOUNT', align: 'right' } as const, { title: 'SUBJECT' }, { title: 'NOTE' }];
      const rows = entries.map(({ at, kind, pool, amount, subject, note }) => {
        return [writeTime(at), kind, pool, String(amount), subject, note ?? ''];
      });
      answer(shell, options, { data: entries.map(entryDocument) }, table(columns, rows));
    }),
  );
}

function entryDocument({ subject, kind, pool, amount, note, at }: CreditEntry) {
  return { subject, kind, pool, amount, note, created_at: new Date(at).toISOString() };
}
