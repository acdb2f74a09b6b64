import type { Command } from 'commander';
import { balanceJson } from '../../dialects/native/ledger.ts';
import type { Pool } from '../../errors.ts';
import type { Balance } from '../../rules/accept.ts';
import type { Account } from '../../store/tables/accounts.ts';
import { answer } from '../answer.ts';
import { writeDuration } from '../duration.ts';
import { findAccount } from '../find-account.ts';
import { writeLimitRules } from '../limit-rules.ts';
import type { Shell } from '../shell.ts';
import { card } from '../table.ts';
import { writeTime } from '../time.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { accountDocument } from './document.ts';

export function registerAccountShow(parent: Command, shell: Shell): void {
  const command = parent
    .command('show')
    .description('show an account, its credits and its settings')
    .argument('[account]', 'login or id; not needed while there is only one account');
  storeFlags(command).action((wanted: string | undefined, options: StoreOptions) =>
    withStore(shell, options, async ({ store }) => {
      const account = await findAccount(store.accounts, wanted);
      const balances = await store.credits.balances(account.id);
      const document = { ...accountDocument(account), balance: balanceJson(balances) };
      answer(shell, options, document, accountCard(account, balances));
    }),
  );
}

/** The account for people; settings under the names of `account set`'s options, in the spelling that those take. */
export function accountCard(account: Account, balances: Readonly<Record<Pool, Balance>>): string {
  const { settings, disabledAt } = account;
  const { sms, voice } = balanceJson(balances);
  return card([
    ['login', account.login],
    ['name', account.name],
    ['id', account.id],
    ['state', disabledAt === null ? 'enabled' : `disabled since ${writeTime(disabledAt)}`],
    ['mode', account.mode],
    ['created', writeTime(account.createdAt)],
    ['country', account.country],
    ['timezone', account.timeZone],
    ['sms credits', `${sms.available} available, ${sms.held} held, ${sms.captured} spent`],
    ['voice credits', `${voice.available} available, ${voice.held} held, ${voice.captured} spent`],
    ['number limit', writeLimitRules(settings.numberLimits)],
    ['address limit', writeLimitRules(settings.addressLimits)],
    ['country limit', writeLimitRules(settings.countryLimits)],
    ['account limit', writeLimitRules(settings.accountLimits)],
    ['countries', settings.countries?.join(',') ?? `own (${account.country})`],
    ['sender', settings.sender ?? "none (the carrier's own)"],
    ['senders', settings.senders.length === 0 ? 'none' : settings.senders.join(',')],
    ['ttl', writeDuration(settings.ttlSeconds * 1000)],
    ['reveal', writeDuration(settings.revealSeconds * 1000)],
    ['require company name', settings.requireCompanyName ? 'yes' : 'no'],
    ['default voice', settings.defaultVoice],
    ['callback url', settings.callbackUrl ?? 'none'],
  ]);
}
