import { accountFaults } from '../../accounts/account-fields.ts';
import { isSender } from '../../accounts/sender.ts';
import type { AllowList } from '../../callbacks/allow-list.ts';
import { parseCallbackUrl } from '../../callbacks/callback-url.ts';
import type { AccountSettings } from '../../rules/account-settings.ts';
import type { Account, AccountPatch } from '../../store/tables/accounts.ts';
import { CommandError } from '../command-error.ts';
import { parseDuration, writeDuration } from '../duration.ts';
import { parseLimitRules } from '../limit-rules.ts';
import type { Parsed } from '../parsed.ts';
import { readings } from '../readings.ts';

/** What `account set` was given; absent options leave things as they are. */
export interface ChangeOptions {
  readonly name?: string;
  readonly country?: string;
  readonly timezone?: string;
  readonly mode?: 'test' | 'live';
  readonly enable?: true;
  readonly disable?: true;
  readonly numberLimit?: string;
  readonly addressLimit?: string;
  readonly countryLimit?: string;
  readonly accountLimit?: string;
  readonly countries?: string;
  /** False: `--no-sender`. */
  readonly sender?: string | false;
  readonly senders?: string;
  readonly ttl?: string;
  readonly reveal?: string;
  readonly requireCompanyName?: boolean;
  /** False: `--no-callback-url`. */
  readonly callbackUrl?: string | false;
}

/** What the options change about `account`. Throws a `CommandError` with every fault at once, or when they change nothing. */
export function accountChange(
  account: Account,
  options: ChangeOptions,
  { now, callbackAllow }: { readonly now: number; readonly callbackAllow: AllowList },
): AccountPatch {
  const { read, fault, done } = readings();
  const { name, timezone, mode, sender, requireCompanyName, callbackUrl } = options;
  const country = options.country?.toUpperCase();
  for (const { field, message } of accountFaults({ name, country, timezone })) fault(`--${field}`, message);
  const settings = {
    numberLimits: read('--number-limit', options.numberLimit, parseLimitRules),
    addressLimits: read('--address-limit', options.addressLimit, parseLimitRules),
    countryLimits: read('--country-limit', options.countryLimit, parseLimitRules),
    accountLimits: read('--account-limit', options.accountLimit, parseLimitRules),
    countries: read('--countries', options.countries, parseCountries),
    sender: sender === false ? null : read('--sender', sender, parseSender),
    senders: read('--senders', options.senders, parseSenders),
    ttlSeconds: read('--ttl', options.ttl, secondsBetween(30, 86_400)),
    revealSeconds: read('--reveal', options.reveal, secondsBetween(0, 30 * 86_400)),
    requireCompanyName,
    callbackUrl:
      callbackUrl === false ? null : read('--callback-url', callbackUrl, (text) => parseUrl(text, callbackAllow)),
  };
  done();
  const patch = {
    ...{ name, country, timeZone: timezone, mode },
    disabledAt: options.enable ? null : options.disable ? (account.disabledAt ?? now) : undefined,
    ...(Object.values(settings).some((value) => value !== undefined) && {
      settings: { ...account.settings, ...given(settings) } as AccountSettings,
    }),
  };
  const change = given(patch);
  if (Object.keys(change).length > 0) return change;
  throw new CommandError('usage', 'There is nothing to change. See `passbell account set --help` for what can be.');
}

/** Without the fields that nobody gave. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** `own`: the account's own country alone; `*`: all. */
function parseCountries(text: string): Parsed<AccountSettings['countries']> {
  if (text === 'own') return { value: null };
  if (text === '*') return { value: ['*'] };
  const written = text.split(',').map((code) => code.trim());
  const wrong = written.find((code) => accountFaults({ country: code.toUpperCase() }).length > 0);
  if (wrong === undefined) return { value: [...new Set(written.map((code) => code.toUpperCase()))] };
  return { fault: `'${wrong}' is not a country: write two-letter codes (ISO 3166-1) as in NP,IN, or own, or *` };
}

function parseSender(text: string): Parsed<string> {
  if (isSender(text)) return { value: text };
  return { fault: `'${text}' is not a sender: write a name of 1 to 11 characters, a number as +977…, or a short code` };
}

function parseUrl(text: string, allow: AllowList): Parsed<string> {
  const read = parseCallbackUrl(text, allow);
  return 'fault' in read ? read : { value: text };
}

function parseSenders(text: string): Parsed<readonly string[]> {
  if (text === 'none') return { value: [] };
  const senders: string[] = [];
  for (const part of text.split(',')) {
    const sender = parseSender(part.trim());
    if ('fault' in sender) return sender;
    senders.push(sender.value);
  }
  return { value: senders };
}

function secondsBetween(least: number, most: number): (text: string) => Parsed<number> {
  return (text) => {
    const parsed = parseDuration(text);
    if ('fault' in parsed) return parsed;
    const seconds = parsed.value / 1000;
    if (seconds >= least && seconds <= most) return { value: seconds };
    return { fault: `${text} is not from ${writeDuration(least * 1000)} to ${writeDuration(most * 1000)}` };
  };
}
