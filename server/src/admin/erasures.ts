import { Type } from '@sinclair/typebox';
import type { AppDeps } from '../app-deps.ts';
import { erasureSchema } from '../dialects/native/erasures.ts';
import { type Operation, operation } from '../dialects/native/operation.ts';
import { reader } from '../dialects/native/reads.ts';
import { readsJudged } from '../dialects/native/reads-judged.ts';
import { numberFaults, numberOf, numberSchema } from '../dialects/native/verifications/request-fields.ts';
import { erasureJson } from '../retention/erase-number.ts';
import type { Account } from '../store/tables/accounts.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import { accountAt, accountParams } from './account-at.ts';

const erasure = Type.Object({ to: numberSchema }, { additionalProperties: false, must: 'be an object' });

const readErasure = readsJudged(erasure, ({ to }, { country }: Account) => numberFaults(to, country));

/** As the account does it itself with `POST /v1/erasures`. */
export function eraseNumberOf({ store, eraseNumber }: Pick<AppDeps, 'store' | 'eraseNumber'>): Operation<ApiKey> {
  return operation({
    id: 'eraseNumberOf',
    summary: 'Erase a number of an account',
    description: 'All that it keeps of it, for good. 409 while something is on its way to it.',
    ...{ tag: 'Accounts', params: accountParams },
    // It is read once it is known whose number it is: an account has its country.
    body: reader(erasure, (body: unknown) => body),
    answers: { 200: { description: 'What was erased; zeros where there was nothing.', body: erasureSchema } },
    problems: ['conflict'],
    async handle({ who, params, body, requestId }) {
      const account = await accountAt(store, params['id']);
      const { to } = readErasure(body, account);
      const by = { actor: `admin_token:${who.id}`, requestId } as const;
      return { status: 200, body: erasureJson(await eraseNumber(account, numberOf(to, account.country), by)) };
    },
  });
}
