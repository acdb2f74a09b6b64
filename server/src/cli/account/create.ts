import type { Command } from 'commander';
import { accountFaults } from '../../accounts/account-fields.ts';
import { openAccount } from '../../accounts/open-account.ts';
import { argonPasswords } from '../../accounts/password.ts';
import { answer } from '../answer.ts';
import { wholeNumber } from '../numbers.ts';
import { readings } from '../readings.ts';
import { readSecret } from '../secret-input.ts';
import type { Shell } from '../shell.ts';
import { card } from '../table.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';

interface Options extends StoreOptions {
  readonly login: string;
  readonly name?: string;
  readonly country: string;
  readonly timezone?: string;
  readonly smsCredits: string;
  readonly voiceCredits: string;
  readonly passwordStdin?: true;
}

export function registerAccountCreate(parent: Command, shell: Shell): void {
  const command = parent
    .command('create')
    .description('open an account: its user, a key and a product token for each mode, its first credits')
    .requiredOption('--login <e-mail>', 'what its user signs in with')
    .option('--name <text>', 'name of the account (default: the login)')
    .option('--country <code>', 'where its numbers without a calling code belong', 'NP')
    .option('--timezone <name>', 'IANA time zone (default: Asia/Kathmandu in NP, else UTC)')
    .option('--sms-credits <n>', 'SMS credits to begin with', '0')
    .option('--voice-credits <n>', 'voice credits to begin with', '0')
    .option('--password-stdin', "read the user's password from standard input (default: draw one)");
  storeFlags(command).action((options: Options) =>
    withStore(shell, options, async ({ store, ids }) => {
      const { clock, random } = shell;
      const wanted = await newAccount(options, shell);
      const opened = await openAccount({ store, clock, random, ids, passwords: argonPasswords(random) }, wanted);
      const { account, user } = opened;
      const { id, login, keys, productTokens } = account;
      answer(
        shell,
        options,
        { id, login, keys, product_tokens: productTokens, user },
        `Account ${login} is open. Its secrets are shown this once:\n\n${card([
          ['Account id', id],
          ['Sign in', `${user.email}  ${user.password ?? '(the password you gave)'}`],
          ['Test key', keys.test],
          ['Live key', keys.live],
          ['CM test token', productTokens.test],
          ['CM live token', productTokens.live],
        ])}`,
      );
    }),
  );
}

async function newAccount(options: Options, shell: Shell) {
  const { login, name = login } = options;
  const country = options.country.toUpperCase();
  const read = readings();
  const smsCredits = read.read('--sms-credits', options.smsCredits, wholeNumber);
  const voiceCredits = read.read('--voice-credits', options.voiceCredits, wholeNumber);
  const password = options.passwordStdin && (await readSecret(shell, 'password'));
  for (const { message } of accountFaults({ password })) read.fault('--password-stdin', message);
  read.done();
  return {
    ...{ login, name, country },
    timezone: options.timezone ?? (country === 'NP' ? 'Asia/Kathmandu' : 'UTC'),
    smsCredits: smsCredits ?? 0,
    voiceCredits: voiceCredits ?? 0,
    password,
  };
}
