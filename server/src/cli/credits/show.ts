import type { Command } from 'commander';
import { balanceJson } from '../../dialects/native/ledger.ts';
import { answer } from '../answer.ts';
import { findAccount } from '../find-account.ts';
import type { Shell } from '../shell.ts';
import { table } from '../table.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';

interface Options extends StoreOptions {
  readonly account?: string;
}

export function registerCreditsShow(parent: Command, shell: Shell): void {
  const command = parent
    .command('show')
    .description('show what an account has, holds for codes under way, and spent')
    .option('--account <login|id>', 'whose; not needed while there is only one account');
  storeFlags(command).action((options: Options) =>
    withStore(shell, options, async ({ store }) => {
      const account = await findAccount(store.accounts, options.account);
      const credits = balanceJson(await store.credits.balances(account.id));
      const figures = ['AVAILABLE', 'HELD', 'SPENT', 'GRANTED'].map((title) => ({ title, align: 'right' }) as const);
      const rows = (['sms', 'voice'] as const).map((pool) => {
        const { available, held, captured, granted } = credits[pool];
        return [pool, ...[available, held, captured, granted].map(String)];
      });
      answer(shell, options, { account_id: account.id, ...credits }, table([{ title: 'POOL' }, ...figures], rows));
    }),
  );
}
