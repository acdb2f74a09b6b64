import { Type } from '@sinclair/typebox';
import { MAX_GRANT } from '../accounts/account-fields.ts';
import type { AppDeps } from '../app-deps.ts';
import type { Handler } from '../dialects/native/endpoint.ts';
import { ledgerPage, poolJson } from '../dialects/native/ledger.ts';
import { reads, refuseFaults } from '../dialects/native/reads.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import { accountAt } from './account-at.ts';

type Deps = Pick<AppDeps, 'store' | 'clock' | 'ids'>;

const AMOUNT = 'be a whole number from -1e12 to 1e12, and not 0';

const readGrant = reads(
  Type.Object(
    {
      pool: Type.Union([Type.Literal('sms'), Type.Literal('voice')], { must: 'be sms or voice' }),
      amount: Type.Integer({ minimum: -MAX_GRANT, maximum: MAX_GRANT, must: AMOUNT }),
      note: Type.Optional(
        Type.String({ pattern: '^[^\\x00-\\x1f\\x7f]{0,200}$', must: 'have at most 200 characters' }),
      ),
    },
    { additionalProperties: false, must: 'be an object' },
  ),
);

/** Grants credits; a negative amount takes back what is still available, and is refused with 402 when that is not enough. */
export function grantCredits({ store, clock, ids }: Deps): Handler<ApiKey> {
  return async ({ params, body }) => {
    const { pool, amount, note = null } = readGrant(body);
    refuseFaults(amount === 0 ? [{ field: 'amount', message: `must ${AMOUNT}` }] : []);
    const { id: accountId } = await accountAt(store, params['id']);
    const grant = { accountId, id: ids(), pool, amount, note, at: clock.now() };
    const balance = await store.credits.grant(grant);
    return { status: 201, body: { id: grant.id, pool, amount, note, balance: poolJson(balance) } };
  };
}

export function listCredits({ store }: Deps): Handler<ApiKey> {
  return async ({ params, query }) => {
    const { id } = await accountAt(store, params['id']);
    return { status: 200, body: await ledgerPage(store.credits, id, query) };
  };
}
