import type { Command } from 'commander';
import { auditJson } from '../../admin/audit.ts';
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

export function registerAuditList(parent: Command, shell: Shell): void {
  const command = parent
    .command('list')
    .description('list what was changed, by whom, newest first')
    .option('--account <login|id>', 'of this account only')
    .option('--limit <n>', 'how many, 1 to 1000', '20')
    .option('--after <id>', 'go on after this one');
  storeFlags(command).action((options: Options) =>
    withStore(shell, options, async ({ store }) => {
      const { read, done } = readings();
      const limit = read('--limit', options.limit, wholeBetween(1, 1000)) ?? 20;
      done();
      const account = options.account === undefined ? null : await findAccount(store.accounts, options.account);
      const filter = account === null ? {} : { accountId: account.id };
      const entries = await store.audit.list(filter, limit, options.after ?? null);
      const columns = ['AT', 'WHO', 'WHAT', 'TO', 'DETAIL'].map((title) => ({ title }));
      const rows = entries.map(({ at, actor, action, objectType, objectId, detail }) => {
        const more = Object.entries(detail).map(([name, value]) => `${name}=${value}`);
        return [writeTime(at), actor, action, `${objectType} ${objectId}`, more.join(' ')];
      });
      answer(shell, options, { data: entries.map(auditJson) }, table(columns, rows));
    }),
  );
}
