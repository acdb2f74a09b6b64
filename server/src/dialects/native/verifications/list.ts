import type { Caller } from '../../../accounts/caller.ts';
import type { AppDeps } from '../../../app-deps.ts';
import { type Operation, operation } from '../operation.ts';
import { pageOf, pageSchema } from '../page.ts';
import { sentTo } from './found.ts';
import { listAsked, readListQuery } from './list-query.ts';
import { verificationJson } from './verification-json.ts';
import { verificationSchema } from './verification-schema.ts';

export function listVerifications({
  store,
  vault,
  clock,
}: Pick<AppDeps, 'store' | 'vault' | 'clock'>): Operation<Caller> {
  return operation({
    id: 'listVerifications',
    summary: 'List verifications',
    description: 'Those of the key’s mode, newest first. Those that other APIs of this server began are among them.',
    tag: 'Verifications',
    query: readListQuery,
    answers: { 200: { description: 'A page of verifications.', body: pageSchema(verificationSchema) } },
    async handle({ who, query }) {
      const { page, filter } = listAsked(query, who, vault);
      const now = clock.now();
      const found = await store.verifications.after(who.account.id, filter, page.limit + 1, page.after, now);
      return {
        status: 200,
        body: pageOf(
          found,
          page,
          ({ id }) => id,
          (each) => verificationJson(each, sentTo(each, vault), now),
        ),
      };
    },
  });
}
