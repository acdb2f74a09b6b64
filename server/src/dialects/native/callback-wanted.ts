import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import type { CallbackEndpoint } from '../../callbacks/endpoint-desk.ts';
import { PassbellError } from '../../errors.ts';
import { type CallbackEvent, isAmong, kindOf, OWN_RECEIVER } from '../../rules/callback.ts';
import { ERASED_PLACE } from '../../store/tables/callback-facts.ts';
import type { CallbackDelivery } from '../../store/tables/callbacks.ts';

type Deps = Pick<AppDeps, 'store' | 'callbackEndpoints'>;

/**
 * What is sent to nobody would end at once, nobody would see why, and what became of it before would be lost.
 *
 * @throws {PassbellError} `conflict`: its receiver would not get it
 */
export async function mustBeWanted(deps: Deps, { account, mode }: Caller, delivery: CallbackDelivery): Promise<void> {
  const { receiver, event } = delivery;
  const endpoints = await deps.callbackEndpoints.list(account.id, mode);
  // It ended before it was known whom it was for: all who want it now get it.
  if (receiver === null && endpoints.some((one) => refusalOf(one, event) === null)) return;
  if (receiver === null || receiver === OWN_RECEIVER) return mustHavePlace(deps, delivery);
  const endpoint = endpoints.find(({ id }) => id === receiver);
  const reason = refusalOf(endpoint, event);
  if (reason !== null) throw new PassbellError('conflict', { field: 'endpoint', reason });
}

/** Why an endpoint would not get it; null: it would. */
function refusalOf(endpoint: CallbackEndpoint | undefined, event: CallbackEvent): string | null {
  if (endpoint === undefined) return 'is_gone';
  const { state, events } = endpoint;
  if (state === 'disabled') return 'is_disabled';
  return event === 'ping' || isAmong(event, events) ? null : 'is_not_told_of_such_events';
}

/** The place that a request named, or the account's own URL. */
async function mustHavePlace({ store }: Deps, delivery: CallbackDelivery): Promise<void> {
  const named = await placeNamed(store.callbacks, delivery);
  if (named === ERASED_PLACE) throw new PassbellError('conflict', { field: 'callback_url', reason: 'is_gone' });
  if (named !== null) return;
  // From the store, not from the caller's cached account: it may have been set a moment ago.
  const account = await store.accounts.get(delivery.accountId);
  if (account?.settings.callbackUrl) return;
  throw new PassbellError('conflict', { field: 'callback_url', reason: 'is_not_set' });
}

/** The sealed place that a call or verification named; null: none. */
async function placeNamed(facts: AppDeps['store']['callbacks'], delivery: CallbackDelivery): Promise<string | null> {
  const kind = kindOf(delivery.event);
  switch (kind) {
    case 'call':
      return (await facts.calls([delivery]))[0]?.callbackSealed ?? null;
    case 'verification':
      return (await facts.verifications([delivery]))[0]?.callbackSealed ?? null;
    case 'message':
    case 'ping':
      return null;
    default:
      return kind satisfies never;
  }
}
