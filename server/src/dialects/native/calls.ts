import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { calleeOf } from '../../delivery/callee.ts';
import { PassbellError } from '../../errors.ts';
import { CALL, callJson, callSchema } from './call-json.ts';
import { idAfter, idField } from './field-schemas.ts';
import { type Operation, operation } from './operation.ts';
import { pageOf, pageQuery, pageSchema } from './page.ts';

type Deps = Pick<AppDeps, 'store' | 'vault'>;

/** Call records, newest first: a test key sees those of the sandbox phone, a live key the real ones. */
export function listCalls({ store, vault }: Deps): Operation<Caller> {
  return operation({
    id: 'listCalls',
    summary: 'List calls',
    description:
      'Newest first. A test key sees those of the sandbox phone, a live key the real ones; over whichever API they were asked for.',
    tag: 'Calls',
    query: pageQuery,
    answers: { 200: { description: 'A page of calls.', body: pageSchema(callSchema) } },
    async handle({ who: { account, mode }, query }) {
      const found = await store.calls.after(account.id, { mode }, query.limit + 1, query.after);
      return {
        status: 200,
        body: pageOf(
          found,
          query,
          (call) => call.id,
          (call) => callJson(call, calleeOf(call, vault)),
        ),
      };
    },
  });
}

export function showCall({ store, vault }: Deps): Operation<Caller> {
  return operation({
    id: 'showCall',
    summary: 'Show a call',
    tag: 'Calls',
    params: { id: idField(CALL, 'a call') },
    answers: { 200: { description: 'The call.', body: callSchema } },
    async handle({ who, params }) {
      const id = idAfter(CALL, params['id']);
      const call = id === null ? null : await store.calls.get(who.account.id, id);
      if (call === null || call.mode !== who.mode) throw new PassbellError('not_found', { what: 'call' });
      return { status: 200, body: callJson(call, calleeOf(call, vault)) };
    },
  });
}
