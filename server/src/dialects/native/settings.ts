import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { PassbellError } from '../../errors.ts';
import type { Handler } from './endpoint.ts';
import { reads, refuseFaults } from './reads.ts';
import { settingsFaults, settingsJson, settingsPatch, settingsSchema } from './settings-wire.ts';

type Deps = Pick<AppDeps, 'store' | 'changeAccount' | 'callbackAllow'>;

const readSettings = reads(settingsSchema);

export function showSettings({ store }: Deps): Handler<Caller> {
  return async ({ who }) => {
    // From the store, not from the caller's cached account: one reads what one has just written.
    const account = await store.accounts.get(who.account.id);
    if (account === null) throw new PassbellError('not_found', { what: 'account' });
    return { status: 200, body: settingsJson(account.settings) };
  };
}

export function patchSettings({ changeAccount, callbackAllow }: Deps): Handler<Caller> {
  return async ({ who, body }) => {
    const wanted = readSettings(body);
    refuseFaults(settingsFaults(wanted, callbackAllow));
    mustOwnSettings(who);
    const changed = await changeAccount(who.account.id, ({ settings }) => {
      return { settings: { ...settings, ...settingsPatch(wanted) } };
    });
    return { status: 200, body: settingsJson(changed.settings) };
  };
}

/** Once an account is live, its limits and countries guard real money: a test key no longer changes them. */
export function mustOwnSettings({ account, mode }: Caller): void {
  if (mode === 'test' && account.mode === 'live') throw new PassbellError('forbidden', { reason: 'live_key_only' });
}
