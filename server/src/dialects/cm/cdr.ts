import type { FastifyReply, FastifyRequest } from 'fastify';
import { calleeOf } from '../../delivery/callee.ts';
import { PassbellError } from '../../errors.ts';
import type { CallFilter, CallStore } from '../../store/tables/calls.ts';
import type { Clock } from '../../values/clock.ts';
import type { Vault } from '../../vault/vault.ts';
import { tooSoon } from '../failure.ts';
import { askedLately } from './asked-lately.ts';
import { callerOf } from './authenticate.ts';
import { parseCdrQuery, type Query } from './cdr-query.ts';
import { cdrRecord } from './cdr-record.ts';
import { answer } from './error-handler.ts';

export interface CdrDeps {
  readonly store: { readonly calls: Pick<CallStore, 'page' | 'count'> };
  readonly vault: Pick<Vault, 'open'>;
  readonly clock: Clock;
}

/** The vendor's: the same request once in five minutes. */
const AGAIN_AFTER_MS = 5 * 60_000;
/** Some 200 bytes each. */
const MOST_REMEMBERED = 10_000;

/**
 * `GET /voice-cdr/v1/{accountId}`: the account's calls by this dialect, in the token's mode, newest first. A foreign account looks like
 * one that does not exist.
 */
export function showsCdr({ store, vault, clock }: CdrDeps) {
  const lately = askedLately(clock, AGAIN_AFTER_MS, MOST_REMEMBERED);

  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { account, mode } = callerOf(request);
    const { accountId } = request.params as { accountId: string };
    if (accountId.toLowerCase() !== account.id) throw new PassbellError('not_found', { what: 'account' });
    const { from, to, skip, take } = parseCdrQuery(request.query as Query);
    const same = [account.id, mode, from, to, skip, take].join(' ');
    const waitMs = lately.claim(same);
    if (waitMs > 0) return answer(reply, tooSoon('These records were asked for within the last 5 minutes.', waitMs));
    const filter: CallFilter = { mode, dialect: 'cm', createdAfter: from, createdBefore: to };
    const [total, calls] = await Promise.all([
      store.calls.count(account.id, filter),
      store.calls.page(account.id, filter, take, skip),
    ]).catch((error: unknown) => {
      lately.release(same);
      throw error;
    });
    reply.headers({
      'x-cm-pagination-skip': String(skip),
      'x-cm-pagination-take': String(take),
      'x-cm-pagination-total': String(total),
    });
    return calls.map((call) => cdrRecord(call, calleeOf(call, vault)));
  };
}
