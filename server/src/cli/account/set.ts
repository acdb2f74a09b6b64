import { type Command, Option } from 'commander';
import { accountDesk } from '../../accounts/account-desk.ts';
import { balanceJson } from '../../dialects/native/ledger.ts';
import { answer } from '../answer.ts';
import { configOf } from '../config-of.ts';
import { findAccount } from '../find-account.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { accountChange, type ChangeOptions } from './change.ts';
import { accountDocument } from './document.ts';
import { accountCard } from './show.ts';

export function registerAccountSet(parent: Command, shell: Shell): void {
  const command = parent
    .command('set')
    .description('change an account; a running server sees it within a second')
    .argument('[account]', 'login or id; not needed while there is only one account')
    .option('--number-limit <limits>', 'codes to one number, as in 3/10m,5/1h,10/1d; none for no limit')
    .option(
      '--address-limit <limits>',
      'codes from one address of an end user, where requests name it, written the same way',
    )
    .option('--country-limit <limits>', 'codes to one country over one channel, written the same way')
    .option('--account-limit <limits>', 'codes of the whole account, written the same way')
    .option('--countries <codes>', "countries that may be sent to, as in NP,IN; own for the account's alone, * for all")
    .option('--sender <text>', 'SMS sender when a request names none: up to 11 characters, or a number')
    .option('--no-sender', 'leave the sender to the carrier')
    .option('--senders <list>', 'senders that requests may name, with commas; none for none')
    .option('--ttl <time>', 'how long a code lives when a request does not say, 30s to 1d; Octopush has its own')
    .option('--reveal <time>', 'how long lists show codes in clear, 0 to 30d')
    .option('--require-company-name', 'refuse sends without company_name')
    .option('--no-require-company-name', 'take sends without company_name')
    .option('--callback-url <url>', 'where the account is told what became of messages and calls')
    .option('--no-callback-url', 'tell it of nothing but calls that name a place')
    .addOption(
      new Option(
        '--mode <mode>',
        'what a signed-in user acts in; in live, test keys change nothing of the account',
      ).choices(['test', 'live']),
    )
    .option('--name <text>', 'name of the account')
    .option('--country <code>', 'where its numbers without a calling code belong')
    .option('--timezone <name>', 'IANA time zone')
    .addOption(new Option('--disable', 'refuse every key and sign-in of the account').conflicts('enable'))
    .option('--enable', 'let a disabled account in again');
  storeFlags(command).action((wanted: string | undefined, options: ChangeOptions & StoreOptions) =>
    withStore(shell, options, async ({ store }) => {
      const account = await findAccount(store.accounts, wanted);
      const desk = accountDesk(store.accounts);
      const { callbackAllow } = configOf(shell.env, options);
      const now = shell.clock.now();
      const changed = await desk(account.id, (current) => accountChange(current, options, { now, callbackAllow }));
      const balances = await store.credits.balances(account.id);
      const document = { ...accountDocument(changed), balance: balanceJson(balances) };
      answer(shell, options, document, `Changed.\n\n${accountCard(changed, balances)}`);
    }),
  );
}
