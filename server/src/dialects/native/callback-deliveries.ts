import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { readWebhookId } from '../../callbacks/webhook-id.ts';
import { PassbellError } from '../../errors.ts';
import type { CallbackDelivery } from '../../store/tables/callbacks.ts';
import {
  cursorOf,
  deliveriesAsked,
  deliveryId,
  deliveryJson,
  deliverySchema,
  readListQuery,
} from './callback-deliveries-wire.ts';
import { endpointAsked } from './callback-endpoints.ts';
import { endpointId } from './callback-endpoints-wire.ts';
import { mustBeWanted } from './callback-wanted.ts';
import { type Operation, operation } from './operation.ts';
import { pageSchema } from './page.ts';

type Deps = Pick<AppDeps, 'store' | 'callbackEndpoints' | 'clock'>;

const tag = 'Callbacks';

/** What was told to whom, and what came of it: of what was sent in the key's mode. */
export function listCallbackDeliveries({ store }: Deps): Operation<Caller> {
  return operation({
    id: 'listCallbackDeliveries',
    summary: 'Callbacks, newest first',
    description: 'One for each receiver, of what was sent in the mode of the key that asks. They are kept for 30 days.',
    tag,
    query: readListQuery,
    answers: { 200: { description: 'A page of callbacks.', body: pageSchema(deliverySchema) } },
    async handle({ who: { account, mode }, query }) {
      const { filter, limit, after } = deliveriesAsked(query, mode);
      const found = await store.callbacks.after(account.id, filter, limit + 1, after);
      const shown = found.slice(0, limit);
      const last = found.length > limit ? shown.at(-1) : undefined;
      const next = last === undefined ? null : cursorOf(last);
      return { status: 200, body: { data: shown.map(deliveryJson), next_cursor: next } };
    },
  });
}

export function showCallbackDelivery(deps: Deps): Operation<Caller> {
  return operation({
    id: 'showCallbackDelivery',
    summary: 'One callback',
    tag,
    params: { id: deliveryId },
    answers: { 200: { description: 'The callback.', body: deliverySchema } },
    problems: ['not_found'],
    async handle({ who, params }) {
      return { status: 200, body: deliveryJson(await find(deps, who, params['id'])) };
    },
  });
}

/** Sends one that has ended again. Its receiver may have had it: it knows it by its `webhook-id`, which stays. */
export function replayCallback(deps: Deps): Operation<Caller> {
  return operation({
    id: 'replayCallback',
    summary: 'Send a callback again',
    description:
      'Now, with a fresh set of tries, worded as things are now. It keeps its `webhook-id`: a receiver that has seen it passes it over. Only what has ended is sent again, and only to who would get it.',
    tag,
    params: { id: deliveryId },
    answers: { 202: { description: 'It will be sent.', body: deliverySchema } },
    problems: ['not_found', 'conflict'],
    async handle({ who, params }) {
      const found = await find(deps, who, params['id']);
      await mustBeWanted(deps, who, found);
      const { accountId, id } = found;
      if (!(await deps.store.callbacks.replay(accountId, id, deps.clock.now()))) {
        throw new PassbellError('conflict', { field: 'state', reason: 'is_pending' });
      }
      return { status: 202, body: deliveryJson(await find(deps, who, params['id'])) };
    },
  });
}

export function pingEndpoint(deps: Deps): Operation<Caller> {
  return operation({
    id: 'pingCallbackEndpoint',
    summary: 'Try a callback endpoint out',
    description: 'Sends it a `ping`, signed and tried again as everything else.',
    tag,
    params: { id: endpointId },
    answers: { 202: { description: 'It will be sent.', body: deliverySchema } },
    problems: ['not_found', 'conflict'],
    async handle({ who, params }) {
      const { account, mode } = who;
      const id = await deps.callbackEndpoints.ping(account.id, mode, endpointAsked(params));
      const delivery = await deps.store.callbacks.get(account.id, mode, id, null);
      if (delivery === null) throw new PassbellError('not_found', { what: 'callback endpoint' });
      return { status: 202, body: deliveryJson(delivery) };
    },
  });
}

async function find({ store }: Deps, { account, mode }: Caller, text = ''): Promise<CallbackDelivery> {
  const read = readWebhookId(text);
  const found = read && (await store.callbacks.get(account.id, mode, read.id, read.endpoint));
  if (!found) throw new PassbellError('not_found', { what: 'callback' });
  return found;
}
