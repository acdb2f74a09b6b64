import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { PassbellError } from '../../errors.ts';
import { type Operation, operation } from './operation.ts';
import { readsJudged } from './reads-judged.ts';
import { settingsAnswer, settingsFaults, settingsJson, settingsPatch, settingsSchema } from './settings-wire.ts';

type Deps = Pick<AppDeps, 'store' | 'changeAccount' | 'callbackAllow'>;

export function showSettings({ store }: Deps): Operation<Caller> {
  return operation({
    id: 'showSettings',
    summary: 'Show the settings',
    tag: 'Settings',
    answers: { 200: { description: 'All of them.', body: settingsAnswer } },
    problems: ['not_found'],
    async handle({ who }) {
      // From the store, not from the caller's cached account: one reads what one has just written.
      const account = await store.accounts.get(who.account.id);
      if (account === null) throw new PassbellError('not_found', { what: 'account' });
      return { status: 200, body: settingsJson(account.settings) };
    },
  });
}

export function patchSettings({ changeAccount, callbackAllow }: Deps): Operation<Caller> {
  return operation({
    id: 'changeSettings',
    summary: 'Change settings',
    description: 'What is not named stays as it is. Once an account is live, this needs a live key.',
    tag: 'Settings',
    body: readsJudged(settingsSchema, (sound) => settingsFaults(sound, callbackAllow)),
    allow: mustOwnSettings,
    answers: { 200: { description: 'All of them, as they are now.', body: settingsAnswer } },
    problems: ['not_found'],
    async handle({ who, body }) {
      const changed = await changeAccount(who.account.id, ({ settings }) => {
        return { settings: { ...settings, ...settingsPatch(body) } };
      });
      return { status: 200, body: settingsJson(changed.settings) };
    },
  });
}

/** Once an account is live, its limits and countries guard real money: a test key no longer changes them. */
export function mustOwnSettings({ account, mode }: Caller): void {
  if (mode === 'test' && account.mode === 'live') throw new PassbellError('forbidden', { reason: 'live_key_only' });
}
