import { type Static, Type } from '@sinclair/typebox';
import type { AllowList } from '../../callbacks/allow-list.ts';
import { SUBSCRIBED_EVENTS } from '../../callbacks/callback-events.ts';
import { parseCallbackUrl } from '../../callbacks/callback-url.ts';
import { type CallbackEndpoint, MOST_ENDPOINTS } from '../../callbacks/endpoint-desk.ts';
import type { Fault } from '../../errors.ts';
import { EVERY_EVENT } from '../../rules/callback.ts';
import { answerObject, idField, orNull, timeField } from './field-schemas.ts';
import { secretField } from './signing-secret-field.ts';

export const ENDPOINT = 'cb_';
export const endpointId = idField(ENDPOINT, 'a callback endpoint');

const events = Type.Array(
  Type.Union([Type.Literal(EVERY_EVENT), ...SUBSCRIBED_EVENTS.map((event) => Type.Literal(event))], {
    must: `be ${EVERY_EVENT} or an event: ${SUBSCRIBED_EVENTS.join(', ')}`,
  }),
  {
    minItems: 1,
    maxItems: SUBSCRIBED_EVENTS.length,
    uniqueItems: true,
    description: `What it is told of; \`["${EVERY_EVENT}"]\`: everything, also what is added later.`,
    examples: [['verification.approved', 'message.delivered']],
    must: 'be a list of different events, at least one',
  },
);

const said = {
  url: Type.String({
    maxLength: 2048,
    description: 'Where it is: `http` or `https`, at a public address.',
    examples: ['https://shop.example.com/passbell'],
    must: 'be a URL of at most 2048 characters',
  }),
  description: Type.String({
    pattern: '^[^\\x00-\\x1f\\x7f]{0,200}$',
    description: 'What people know it by, up to 200 characters.',
    examples: ['The shop'],
    must: 'have up to 200 characters, none of them a control character',
  }),
  events,
  state: Type.Union([Type.Literal('enabled'), Type.Literal('disabled')], {
    description: 'A disabled one is told nothing, nor what it missed meanwhile.',
    must: 'be enabled or disabled',
  }),
};

/** What a request says of a new endpoint. */
export const newEndpoint = Type.Object(
  {
    url: said.url,
    description: Type.Optional(said.description),
    events: Type.Optional(said.events),
    state: Type.Optional(said.state),
  },
  { additionalProperties: false, must: 'be an object' },
);

/** What a request changes of one. */
export const endpointPatch = Type.Partial(newEndpoint);

const shown = {
  id: endpointId,
  mode: Type.Union([Type.Literal('test'), Type.Literal('live')], {
    description: 'That of the key it was made with: it is told of what was sent with such keys.',
  }),
  ...said,
  reason: orNull(Type.Union([Type.Literal('gone'), Type.Literal('switched_off')]), {
    description: 'Why it is disabled: `gone`, it answered 410; `switched_off`, a request said so.',
  }),
  created_at: timeField('When it was made.'),
  updated_at: timeField('When it was changed last.'),
};
export const endpointSchema = answerObject('CallbackEndpoint', shown);
export const madeEndpointSchema = answerObject('NewCallbackEndpoint', { ...shown, secret: secretField });

export const ENDPOINT_LIMIT = `An account has at most ${MOST_ENDPOINTS} of each mode.`;

/** What no schema says of an endpoint. */
export function endpointFaults({ url, events = [] }: Partial<Static<typeof newEndpoint>>, allow: AllowList): Fault[] {
  const faults: Fault[] = [];
  const read = url === undefined ? null : parseCallbackUrl(url, allow);
  if (read !== null && 'fault' in read) faults.push({ field: 'url', message: read.fault });
  if (events.length > 1 && events.includes(EVERY_EVENT)) {
    faults.push({ field: 'events', message: `must name events, or ${EVERY_EVENT} alone` });
  }
  return faults;
}

export function endpointJson(endpoint: CallbackEndpoint): Static<typeof endpointSchema> {
  const { id, mode, url, description, events, state, reason, createdAt, updatedAt } = endpoint;
  return {
    ...{ id: ENDPOINT + id, mode, url, description, state, reason },
    events: [...events] as Static<typeof said.events>,
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
  };
}
