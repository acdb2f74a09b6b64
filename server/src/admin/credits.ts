import { Type } from '@sinclair/typebox';
import { MAX_GRANT } from '../accounts/account-fields.ts';
import type { AppDeps } from '../app-deps.ts';
import { answerObject, orNull } from '../dialects/native/field-schemas.ts';
import { ledgerPage, ledgerSchema, poolJson, poolSchema } from '../dialects/native/ledger.ts';
import { type Operation, operation } from '../dialects/native/operation.ts';
import { pageQuery } from '../dialects/native/page.ts';
import { readsJudged } from '../dialects/native/reads-judged.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import { accountAt, accountParams } from './account-at.ts';

type Deps = Pick<AppDeps, 'store' | 'clock' | 'ids'>;

const AMOUNT = 'be a whole number from -1e12 to 1e12, and not 0';

const pool = Type.Union([Type.Literal('sms'), Type.Literal('voice')], { must: 'be sms or voice' });
const amount = Type.Integer({
  minimum: -MAX_GRANT,
  maximum: MAX_GRANT,
  description: 'Whole credits, not 0; a negative amount takes back what is still available.',
  examples: [500],
  must: AMOUNT,
});

const newGrant = Type.Object(
  {
    ...{ pool, amount },
    note: Type.Optional(
      Type.String({
        pattern: '^[^\\x00-\\x1f\\x7f]{0,200}$',
        description: 'For the ledger: at most 200 characters.',
        examples: ['order 4711'],
        must: 'have at most 200 characters, none of them a control character',
      }),
    ),
  },
  { additionalProperties: false, must: 'be an object' },
);

const grantSchema = answerObject('Grant', {
  id: Type.String({ format: 'uuid', description: 'Its `subject` in the ledger.' }),
  ...{ pool, amount },
  note: orNull(Type.String(), { description: 'As it was given.' }),
  balance: poolSchema,
});

/** Grants credits; a negative amount takes back what is still available, and is refused with 402 when that is not enough. */
export function grantCredits({ store, clock, ids }: Deps): Operation<ApiKey> {
  return operation({
    id: 'grantCredits',
    summary: 'Grant credits',
    ...{ tag: 'Accounts', params: accountParams },
    body: readsJudged(newGrant, ({ amount }) => (amount === 0 ? [{ field: 'amount', message: `must ${AMOUNT}` }] : [])),
    answers: { 201: { description: 'The grant, and what the pool has now.', body: grantSchema } },
    problems: ['credits_exhausted'],
    async handle({ params, body: { pool, amount, note = null } }) {
      const { id: accountId } = await accountAt(store, params['id']);
      const grant = { accountId, id: ids(), pool, amount, note, at: clock.now() };
      const balance = await store.credits.grant(grant);
      return { status: 201, body: { id: grant.id, pool, amount, note, balance: poolJson(balance) } };
    },
  });
}

export function listCredits({ store }: Deps): Operation<ApiKey> {
  return operation({
    id: 'listCredits',
    summary: 'List an account’s ledger',
    description: 'Newest first. `limit` counts grants and deliveries: a hold stands on one page with what ended it.',
    ...{ tag: 'Accounts', params: accountParams },
    query: pageQuery,
    answers: { 200: { description: 'A page of entries.', body: ledgerSchema } },
    async handle({ params, query }) {
      const { id } = await accountAt(store, params['id']);
      return { status: 200, body: await ledgerPage(store.credits, id, query) };
    },
  });
}
