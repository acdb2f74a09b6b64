import type { AccountSettings } from '../../accounts/settings.ts';
import type { Pool } from '../../errors.ts';
import type { Balance } from '../../rules/accept.ts';
import type { LimitRule } from '../../rules/gcra.ts';
import type { Account } from '../../store/tables/accounts.ts';

/** An account as `--json` shows it. */
export function accountDocument(account: Account) {
  const { id, login, name, country, timeZone, mode, createdAt, disabledAt, settings } = account;
  return {
    ...{ id, login, name, country, timezone: timeZone, mode },
    created_at: new Date(createdAt).toISOString(),
    disabled_at: disabledAt === null ? null : new Date(disabledAt).toISOString(),
    settings: settingsDocument(settings),
  };
}

/** Balances as `--json` shows them: `available` is what can still be spent. */
export function creditsDocument(balances: Readonly<Record<Pool, Balance>>) {
  const of = ({ granted, held, captured }: Balance) => ({
    available: granted - held - captured,
    ...{ held, captured, granted },
  });
  return { sms: of(balances.sms), voice: of(balances.voice) };
}

function settingsDocument(settings: AccountSettings) {
  const rules = (limits: readonly LimitRule[]) =>
    limits.map(({ count, periodMs }) => ({ count, period_seconds: periodMs / 1000 }));
  return {
    number_limits: rules(settings.numberLimits),
    account_limits: rules(settings.accountLimits),
    countries: settings.countries,
    sender: settings.sender,
    senders: settings.senders,
    ttl_seconds: settings.ttlSeconds,
    reveal_seconds: settings.revealSeconds,
    require_company_name: settings.requireCompanyName,
    default_voice: settings.defaultVoice,
  };
}
