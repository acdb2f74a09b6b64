import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { balanceJson, balanceSchema, ledgerPage, ledgerSchema } from './ledger.ts';
import { type Operation, operation } from './operation.ts';
import { pageQuery } from './page.ts';

type Deps = Pick<AppDeps, 'store'>;

export function showBalance({ store }: Deps): Operation<Caller> {
  return operation({
    id: 'showBalance',
    summary: 'Show the balance',
    tag: 'Credits',
    answers: { 200: { description: 'Both pools.', body: balanceSchema } },
    handle: async ({ who }) => ({ status: 200, body: balanceJson(await store.credits.balances(who.account.id)) }),
  });
}

export function listCredits({ store }: Deps): Operation<Caller> {
  return operation({
    id: 'listCredits',
    summary: 'List the ledger',
    description: 'Newest first. `limit` counts grants and deliveries: a hold stands on one page with what ended it.',
    tag: 'Credits',
    query: pageQuery,
    answers: { 200: { description: 'A page of entries.', body: ledgerSchema } },
    handle: async ({ who, query }) => ({
      status: 200,
      body: await ledgerPage(store.credits, who.account.id, query),
    }),
  });
}
