import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { PassbellError } from '../../errors.ts';
import { EVERY_EVENT } from '../../rules/callback.ts';
import {
  ENDPOINT,
  ENDPOINT_LIMIT,
  endpointFaults,
  endpointId,
  endpointJson,
  endpointPatch,
  endpointSchema,
  madeEndpointSchema,
  newEndpoint,
} from './callback-endpoints-wire.ts';
import { idAfter } from './field-schemas.ts';
import { type Operation, operation } from './operation.ts';
import { pageOf, pageQuery, pageSchema } from './page.ts';
import { readsJudged } from './reads-judged.ts';

type Deps = Pick<AppDeps, 'callbackEndpoints' | 'callbackAllow'>;

const tag = 'Callbacks';

/** A test key sees and changes those that are told of what test keys send; a live key the others. */
export function listEndpoints({ callbackEndpoints }: Deps): Operation<Caller> {
  return operation({
    id: 'listCallbackEndpoints',
    summary: 'Callback endpoints, newest first',
    description: 'Those of the mode of the key that asks.',
    tag,
    query: pageQuery,
    answers: { 200: { description: 'A page of endpoints.', body: pageSchema(endpointSchema) } },
    async handle({ who: { account, mode }, query }) {
      const { after } = query;
      const found = (await callbackEndpoints.list(account.id, mode)).filter(({ id }) => after === null || id < after);
      return { status: 200, body: pageOf(found, query, ({ id }) => id, endpointJson) };
    },
  });
}

export function createEndpoint({ callbackEndpoints, callbackAllow }: Deps): Operation<Caller> {
  return operation({
    id: 'createCallbackEndpoint',
    summary: 'Make a callback endpoint',
    description: `It is told of what is sent with keys of the mode of the key that asks, from now on. ${ENDPOINT_LIMIT}`,
    tag,
    body: readsJudged(newEndpoint, (sound) => endpointFaults(sound, callbackAllow)),
    answers: { 201: { description: 'It was made.', body: madeEndpointSchema } },
    problems: ['conflict'],
    async handle({ who: { account, mode }, body }) {
      const wish = { description: '', events: [EVERY_EVENT], state: 'enabled', ...body } as const;
      const { endpoint, secret } = await callbackEndpoints.create(account.id, mode, wish);
      return { status: 201, body: { ...endpointJson(endpoint), secret: secret.reveal() } };
    },
  });
}

export function showEndpoint({ callbackEndpoints }: Deps): Operation<Caller> {
  return operation({
    id: 'showCallbackEndpoint',
    summary: 'One callback endpoint',
    tag,
    params: { id: endpointId },
    answers: { 200: { description: 'The endpoint.', body: endpointSchema } },
    problems: ['not_found'],
    async handle({ who: { account, mode }, params }) {
      const endpoint = await callbackEndpoints.get(account.id, mode, endpointAsked(params));
      return { status: 200, body: endpointJson(endpoint) };
    },
  });
}

export function changeEndpoint({ callbackEndpoints, callbackAllow }: Deps): Operation<Caller> {
  return operation({
    id: 'changeCallbackEndpoint',
    summary: 'Change a callback endpoint',
    description: 'What is not named stays as it is. What is still to be told to a disabled one is dropped.',
    tag,
    params: { id: endpointId },
    body: readsJudged(endpointPatch, (sound) => endpointFaults(sound, callbackAllow)),
    answers: { 200: { description: 'As it is now.', body: endpointSchema } },
    problems: ['not_found'],
    async handle({ who: { account, mode }, params, body }) {
      const changed = await callbackEndpoints.change(account.id, mode, endpointAsked(params), body);
      return { status: 200, body: endpointJson(changed) };
    },
  });
}

export function removeEndpoint({ callbackEndpoints }: Deps): Operation<Caller> {
  return operation({
    id: 'removeCallbackEndpoint',
    summary: 'Remove a callback endpoint',
    description: 'Its secrets go with it, and what is still to be told to it is dropped.',
    tag,
    params: { id: endpointId },
    answers: { 204: { description: 'It is gone.' } },
    problems: ['not_found'],
    async handle({ who: { account, mode }, params }) {
      await callbackEndpoints.remove(account.id, mode, endpointAsked(params));
      return { status: 204 };
    },
  });
}

/** @throws {PassbellError} `not_found`: the path holds no such id. */
export function endpointAsked(params: Readonly<Record<string, string>>): string {
  const id = idAfter(ENDPOINT, params['id']);
  if (id === null) throw new PassbellError('not_found', { what: 'callback endpoint' });
  return id;
}
