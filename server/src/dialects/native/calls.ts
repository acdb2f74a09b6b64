import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { calleeOf } from '../../delivery/callee.ts';
import { PassbellError } from '../../errors.ts';
import { callJson } from './call-json.ts';
import type { Handler } from './endpoint.ts';
import { idAfter } from './handset-wire.ts';
import { pageOf, pageQuery } from './page.ts';

type Deps = Pick<AppDeps, 'store' | 'vault'>;

/** Call records, newest first: a test key sees those of the sandbox phone, a live key the real ones. */
export function listCalls({ store, vault }: Deps): Handler<Caller> {
  return async ({ who, query }) => {
    const asked = pageQuery(query);
    const { account, mode } = who;
    const found = await store.calls.after(account.id, { mode }, asked.limit + 1, asked.after);
    return {
      status: 200,
      body: pageOf(
        found,
        asked,
        (call) => call.id,
        (call) => callJson(call, calleeOf(call, vault)),
      ),
    };
  };
}

export function showCall({ store, vault }: Deps): Handler<Caller> {
  return async ({ who, params }) => {
    const id = idAfter('call_', params['id']);
    const call = id === null ? null : await store.calls.get(who.account.id, id);
    if (call === null || call.mode !== who.mode) throw new PassbellError('not_found', { what: 'call' });
    return { status: 200, body: callJson(call, calleeOf(call, vault)) };
  };
}
