import { settingsJson } from '../../dialects/native/settings-wire.ts';
import type { Account } from '../../store/tables/accounts.ts';

/** An account as `--json` shows it: as the admin API does. */
export function accountDocument(account: Account) {
  const { id, login, name, country, timeZone, mode, settings, createdAt, disabledAt } = account;
  return {
    ...{ id, name, login, country, timezone: timeZone, mode, disabled: disabledAt !== null },
    settings: settingsJson(settings),
    created_at: new Date(createdAt).toISOString(),
  };
}
