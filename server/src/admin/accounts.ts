import { Type } from '@sinclair/typebox';
import { accountFaults, MAX_GRANT } from '../accounts/account-fields.ts';
import { loginOf, openAccount } from '../accounts/open-account.ts';
import type { Passwords } from '../accounts/password.ts';
import type { AppDeps } from '../app-deps.ts';
import { balanceJson } from '../dialects/native/ledger.ts';
import { type Operation, operation } from '../dialects/native/operation.ts';
import { pageOf, pageQuery, pageSchema } from '../dialects/native/page.ts';
import { readsJudged } from '../dialects/native/reads-judged.ts';
import { settingsFaults, settingsPatch, settingsSchema } from '../dialects/native/settings-wire.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import { accountAt, accountParams } from './account-at.ts';
import { accountJson, accountSchema, accountWithBalanceSchema, newAccountSchema } from './account-json.ts';

type Deps = Pick<AppDeps, 'store' | 'changeAccount' | 'callbackAllow' | 'clock' | 'random' | 'ids'> & {
  readonly passwords: Passwords;
};

const tag = 'Accounts';

// Whether texts are what they must be is for `accountFaults`.
const text = (description: string, example: string) =>
  Type.String({ maxLength: 2_000, description, examples: [example], must: 'be a text' });
const credits = Type.Integer({
  minimum: 0,
  maximum: MAX_GRANT,
  description: `Whole credits to begin with, at most ${MAX_GRANT}; 0 unless said.`,
  examples: [100],
  must: 'be a whole number from 0 to 1e12',
});

const name = text('1 to 100 characters.', 'Acme');
const country = text(
  'ISO 3166-1 alpha-2: whose numbers need no country code, and where may be sent to at first.',
  'NP',
);
const timezone = text('An IANA time zone.', 'Asia/Kathmandu');

const newAccount = Type.Object(
  {
    ...{ name, country, timezone },
    login: text('The e-mail address of its first user.', 'ops@acme.example'),
    password: Type.Optional(text('Of its first user; drawn if left out.', 'correct horse battery staple')),
    ...{ sms_credits: Type.Optional(credits), voice_credits: Type.Optional(credits) },
  },
  { additionalProperties: false, must: 'be an object' },
);

const change = Type.Object(
  {
    ...{ name: Type.Optional(name), country: Type.Optional(country), timezone: Type.Optional(timezone) },
    mode: Type.Optional(
      Type.Union([Type.Literal('test'), Type.Literal('live')], {
        description: 'A live account’s settings are changed with live keys alone.',
        must: 'be test or live',
      }),
    ),
    disabled: Type.Optional(Type.Boolean({ description: 'All of its keys are refused.', must: 'be true or false' })),
    settings: Type.Optional({ ...settingsSchema, description: 'Of these, what is named.' }),
  },
  { additionalProperties: false, must: 'be an object' },
);

/** Opens an account. Its keys, and its password if it was drawn, are in this answer and nowhere else. */
export function createAccount(deps: Deps): Operation<ApiKey> {
  return operation({
    id: 'createAccount',
    summary: 'Open an account',
    description: 'Its keys, and its password if it was drawn, are in this answer and nowhere else.',
    tag,
    body: readsJudged(newAccount, ({ login, ...fields }) =>
      accountFaults({ ...fields, login: login === undefined ? login : loginOf(login) }),
    ),
    answers: { 201: { description: 'The account.', body: newAccountSchema } },
    problems: ['conflict'],
    async handle({ body }) {
      const { sms_credits: smsCredits = 0, voice_credits: voiceCredits = 0, ...wanted } = body;
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
    },
  });
}

export function listAccounts({ store }: Deps): Operation<ApiKey> {
  return operation({
    id: 'listAccounts',
    summary: 'List accounts',
    description: 'Newest first.',
    tag,
    query: pageQuery,
    answers: { 200: { description: 'A page of accounts.', body: pageSchema(accountSchema) } },
    async handle({ query }) {
      const found = await store.accounts.list(query.limit + 1, query.after);
      return { status: 200, body: pageOf(found, query, ({ id }) => id, accountJson) };
    },
  });
}

export function showAccount({ store }: Deps): Operation<ApiKey> {
  return operation({
    id: 'showAccount',
    summary: 'Show an account',
    ...{ tag, params: accountParams },
    answers: { 200: { description: 'The account and its credits.', body: accountWithBalanceSchema } },
    async handle({ params }) {
      const account = await accountAt(store, params['id']);
      const balance = balanceJson(await store.credits.balances(account.id));
      return { status: 200, body: { ...accountJson(account), balance } };
    },
  });
}

/** Changes what is named, in one commit. Seen by every node within a second. */
export function patchAccount({ store, clock, callbackAllow, changeAccount }: Deps): Operation<ApiKey> {
  return operation({
    id: 'changeAccount',
    summary: 'Change an account',
    description: 'What is not named stays as it is. Every node knows it within a second.',
    ...{ tag, params: accountParams },
    body: readsJudged(change, ({ settings = {}, ...fields }) => [
      ...accountFaults(fields),
      ...settingsFaults(settings, callbackAllow, 'settings.'),
    ]),
    answers: { 200: { description: 'The account as it is now.', body: accountSchema } },
    async handle({ params, body }) {
      const { timezone, mode, disabled, settings = {}, ...rest } = body;
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
    },
  });
}
