import { Type } from '@sinclair/typebox';
import { answerObject, timeField } from '../dialects/native/field-schemas.ts';
import { balanceSchema } from '../dialects/native/ledger.ts';
import { settingsAnswer, settingsJson } from '../dialects/native/settings-wire.ts';
import type { Account } from '../store/tables/accounts.ts';

const fields = {
  id: Type.String({
    format: 'uuid',
    description: 'What its paths name it by.',
    examples: ['0199a3c5-7e2b-7c41-9d0f-3b6a58c1e2f7'],
  }),
  name: Type.String({ description: 'What people call it.', examples: ['Acme'] }),
  login: Type.String({ description: 'An e-mail address; with a key of the account, Octopush’s login.' }),
  country: Type.String({ description: 'ISO 3166-1 alpha-2.', examples: ['NP'] }),
  timezone: Type.String({ description: 'IANA.', examples: ['Asia/Kathmandu'] }),
  mode: Type.Union([Type.Literal('test'), Type.Literal('live')]),
  disabled: Type.Boolean({ description: 'All of its keys are refused.' }),
  settings: settingsAnswer,
  created_at: timeField('When it was opened.'),
};

const pair = (description: string) =>
  Type.Object(
    {
      test: Type.String({ description: 'For the sandbox phone.' }),
      live: Type.String({ description: 'For the world.' }),
    },
    { additionalProperties: false, description },
  );

export const accountSchema = answerObject('Account', fields);
export const accountWithBalanceSchema = answerObject('AccountWithBalance', { ...fields, balance: balanceSchema });
export const newAccountSchema = answerObject('NewAccount', {
  ...fields,
  keys: pair('This once.'),
  product_tokens: pair('For CM.com’s API; this once.'),
  user: Type.Object(
    {
      email: Type.String({ description: 'What it signs in with.' }),
      password: Type.Optional(Type.String({ description: 'Where it was drawn: this once.' })),
    },
    { additionalProperties: false, description: 'Its first user.' },
  ),
});

export function accountJson({ id, name, login, country, timeZone, mode, settings, createdAt, disabledAt }: Account) {
  return {
    ...{ id, name, login, country, timezone: timeZone, mode, disabled: disabledAt !== null },
    settings: settingsJson(settings),
    created_at: new Date(createdAt).toISOString(),
  };
}
