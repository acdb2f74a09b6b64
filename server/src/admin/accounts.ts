import { Type } from '@sinclair/typebox';
import { accountFaults } from '../accounts/account-fields.ts';
import { openAccount } from '../accounts/open-account.ts';
import type { Passwords } from '../accounts/password.ts';
import type { AppDeps } from '../app-deps.ts';
import type { Handler } from '../dialects/native/endpoint.ts';
import { balanceJson } from '../dialects/native/ledger.ts';
import { pageOf, pageQuery } from '../dialects/native/page.ts';
import { reads, refuseFaults } from '../dialects/native/reads.ts';
import { settingsFaults, settingsJson, settingsPatch, settingsSchema } from '../dialects/native/settings-wire.ts';
import type { Account } from '../store/tables/accounts.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import { accountAt } from './account-at.ts';

type Deps = Pick<AppDeps, 'store' | 'changeAccount' | 'callbackAllow' | 'clock' | 'random' | 'ids'> & {
  readonly passwords: Passwords;
};

const text = Type.String({ maxLength: 2_000, must: 'be a text' });
const credits = Type.Number({ must: 'be a whole number from 0 to 1e12' });

const readNewAccount = reads(
  Type.Object(
    {
      ...{ name: text, login: text, country: text, timezone: text, password: Type.Optional(text) },
      ...{ sms_credits: Type.Optional(credits), voice_credits: Type.Optional(credits) },
    },
    { additionalProperties: false, must: 'be an object' },
  ),
);

const readChange = reads(
  Type.Object(
    {
      ...{ name: Type.Optional(text), country: Type.Optional(text), timezone: Type.Optional(text) },
      mode: Type.Optional(Type.Union([Type.Literal('test'), Type.Literal('live')], { must: 'be test or live' })),
      disabled: Type.Optional(Type.Boolean({ must: 'be true or false' })),
      settings: Type.Optional(settingsSchema),
    },
    { additionalProperties: false, must: 'be an object' },
  ),
);

/** Opens an account. Its keys, and its password if it was drawn, are in this answer and nowhere else. */
export function createAccount(deps: Deps): Handler<ApiKey> {
  return async ({ body }) => {
    const { sms_credits: smsCredits = 0, voice_credits: voiceCredits = 0, ...wanted } = readNewAccount(body);
    const { account, user } = await openAccount(deps, { ...wanted, smsCredits, voiceCredits });
    const made = await accountAt(deps.store, account.id);
    return {
      status: 201,
      body: {
        ...accountJson(made),
        ...{ keys: account.keys, product_tokens: account.productTokens },
        user: { email: user.email, ...(user.password !== null && { password: user.password }) },
      },
    };
  };
}

export function listAccounts({ store }: Deps): Handler<ApiKey> {
  return async ({ query }) => {
    const asked = pageQuery(query);
    const found = await store.accounts.list(asked.limit + 1, asked.after);
    return { status: 200, body: pageOf(found, asked, ({ id }) => id, accountJson) };
  };
}

export function showAccount({ store }: Deps): Handler<ApiKey> {
  return async ({ params }) => {
    const account = await accountAt(store, params['id']);
    const balance = balanceJson(await store.credits.balances(account.id));
    return { status: 200, body: { ...accountJson(account), balance } };
  };
}

/** Changes what is named, in one commit. Seen by every node within a second. */
export function patchAccount({ store, clock, callbackAllow, changeAccount }: Deps): Handler<ApiKey> {
  return async ({ params, body }) => {
    const { timezone, mode, disabled, settings = {}, ...rest } = readChange(body);
    refuseFaults([...accountFaults({ ...rest, timezone }), ...settingsFaults(settings, callbackAllow, 'settings.')]);
    const { id } = await accountAt(store, params['id']);
    const changed = await changeAccount(id, (account) => ({
      ...rest,
      ...(timezone !== undefined && { timeZone: timezone }),
      ...(mode !== undefined && { mode }),
      // Disabling twice keeps the time of the first.
      ...(disabled !== undefined && { disabledAt: disabled ? (account.disabledAt ?? clock.now()) : null }),
      settings: { ...account.settings, ...settingsPatch(settings) },
    }));
    return { status: 200, body: accountJson(changed) };
  };
}

function accountJson({ id, name, login, country, timeZone, mode, settings, createdAt, disabledAt }: Account) {
  return {
    ...{ id, name, login, country, timezone: timeZone, mode, disabled: disabledAt !== null },
    settings: settingsJson(settings),
    created_at: new Date(createdAt).toISOString(),
  };
}
