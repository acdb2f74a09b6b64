import { type Command, Option } from 'commander';
import { MAX_GRANT } from '../../accounts/account-fields.ts';
import { balanceJson } from '../../dialects/native/ledger.ts';
import type { Pool } from '../../errors.ts';
import { answer } from '../answer.ts';
import { findAccount } from '../find-account.ts';
import { wholeBetween } from '../numbers.ts';
import { readings } from '../readings.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';

interface Options extends StoreOptions {
  readonly account?: string;
  readonly pool: Pool;
  readonly note?: string;
}

export function registerCreditsGrant(parent: Command, shell: Shell): void {
  const command = parent
    .command('grant')
    .description('give credits to an account, or take back what it has not spent')
    .argument('<amount>', 'how many; less than 0 takes back')
    .option('--account <login|id>', 'whose; not needed while there is only one account')
    .addOption(new Option('--pool <pool>', 'what they pay for').choices(['sms', 'voice']).default('sms'))
    .option('--note <text>', 'why, for the ledger');
  storeFlags(command).action((text: string, options: Options) =>
    withStore(shell, options, async ({ store, ids }) => {
      const { pool, note = null } = options;
      const amount = readAmount(text, note);
      const account = await findAccount(store.accounts, options.account);
      const entry = { accountId: account.id, id: ids(), pool, amount, note, at: shell.clock.now() };
      await store.credits.grant(entry);
      const balance = balanceJson(await store.credits.balances(account.id));
      const done = amount < 0 ? `Took back ${-amount}` : `Granted ${amount}`;
      answer(
        shell,
        options,
        { id: entry.id, account_id: account.id, pool, amount, note, balance },
        `${done} ${pool} credits. ${account.login} has ${balance[pool].available} available.\n`,
      );
    }),
  );
}

function readAmount(text: string, note: string | null): number {
  const { read, fault, done } = readings();
  const amount = read('amount', text, wholeBetween(-MAX_GRANT, MAX_GRANT)) ?? 0;
  if (text === '0') fault('amount', 'no credits are nothing to grant');
  if (note !== null && note.length > 200) fault('--note', 'is longer than 200 characters');
  done();
  return amount;
}
