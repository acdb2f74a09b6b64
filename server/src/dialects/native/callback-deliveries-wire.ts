import { type Static, Type } from '@sinclair/typebox';
import { CALLBACK_EVENTS } from '../../callbacks/callback-events.ts';
import { webhookId } from '../../callbacks/webhook-id.ts';
import { PassbellError } from '../../errors.ts';
import type { Mode } from '../../rules/accept.ts';
import { type CallbackKind, kindOf, OWN_RECEIVER } from '../../rules/callback.ts';
import type { CallbackDelivery, CallbackFilter } from '../../store/tables/callbacks.ts';
import { ENDPOINT, endpointId } from './callback-endpoints-wire.ts';
import { answerObject, idAfter, orNull, timeField } from './field-schemas.ts';
import { pageAsked, pageFields } from './page.ts';
import { readsGiven } from './reads.ts';

export const deliveryId = Type.String({
  pattern: '^cb_[0-9a-z_-]{36,120}$',
  description: 'The `webhook-id` that its receiver knows it by.',
  examples: ['cb_0199a3c5-7e2b-7c41-9d0f-3b6a58c1e2f7_delivered'],
});

const state = Type.Union(
  (['pending', 'delivered', 'given_up', 'disabled'] as const).map((one) => Type.Literal(one)),
  {
    description:
      '`pending`: it is sent, or will be again; `given_up`: every try failed, or what it told of is gone; `disabled`: its receiver is, or answered 410, or wants it no longer.',
    must: 'be pending, delivered, given_up or disabled',
  },
);
const event = Type.Union(
  CALLBACK_EVENTS.map((one) => Type.Literal(one)),
  { must: `be an event: ${CALLBACK_EVENTS.join(', ')}` },
);

export const deliverySchema = answerObject('CallbackDelivery', {
  id: deliveryId,
  endpoint: orNull(endpointId, {
    description: 'Whom it is for; null: `callback_url`, or the place that a call or verification named.',
  }),
  event,
  subject: Type.String({ description: 'What it tells of.', examples: ['msg_0199a3c5-7e2b-7c41-9d0f-3b6a58c1e2f7'] }),
  state,
  attempts: Type.Integer({ minimum: 0, description: 'Tries so far.' }),
  response_status: orNull(Type.Integer(), { description: 'What was last answered with; null: nothing was.' }),
  created_at: timeField('When it became due.'),
  next_try_at: orNull(timeField('When it is tried again.'), {
    description: 'When it is tried again; null: it is being sent, or has ended.',
  }),
  ended_at: orNull(timeField('When it was delivered, given up or dropped.')),
});

/** To nobody's endpoint. */
const NO_ENDPOINT = 'none';

const listQuery = Type.Object(
  {
    endpoint: Type.Optional(
      Type.Union([endpointId, Type.Literal(NO_ENDPOINT)], {
        description: `Whom they are for; \`${NO_ENDPOINT}\`: \`callback_url\` and the places that requests named.`,
        must: `be the id of a callback endpoint, ${ENDPOINT}…, or ${NO_ENDPOINT}`,
      }),
    ),
    state: Type.Optional(state),
    event: Type.Optional(event),
    limit: pageFields.limit,
    cursor: Type.Optional({ ...pageFields.cursor, maxLength: 300 }),
  },
  { additionalProperties: false },
);

export const readListQuery = readsGiven(listQuery);

/** Where a page begins: after the callback that was seen last. */
export type DeliveryPosition = Pick<CallbackDelivery, 'id' | 'createdAt'>;

export interface DeliveriesAsked {
  readonly limit: number;
  readonly after: DeliveryPosition | null;
  readonly filter: CallbackFilter;
}

/** @throws {PassbellError} `invalid_request`: a cursor that is none. */
export function deliveriesAsked(query: Static<typeof listQuery>, mode: Mode): DeliveriesAsked {
  const { endpoint, state, event, limit, cursor } = query;
  const receiver = endpoint === NO_ENDPOINT ? OWN_RECEIVER : idAfter(ENDPOINT, endpoint);
  return {
    limit: pageAsked(limit === undefined ? {} : { limit }).limit,
    after: cursor === undefined ? null : positionOf(cursor),
    filter: {
      mode,
      ...(receiver !== null && { receiver }),
      ...(state !== undefined && { state }),
      ...(event !== undefined && { event }),
    },
  };
}

export function cursorOf({ id, createdAt }: DeliveryPosition): string {
  return Buffer.from(`${createdAt}:${id}`).toString('base64url');
}

function positionOf(cursor: string): DeliveryPosition {
  const [, at, id] = /^(\d{1,15}):([0-9a-z_.-]+)$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (at !== undefined && id !== undefined) return { createdAt: Number(at), id };
  const message = 'must be the next_cursor of an earlier page';
  throw new PassbellError('invalid_request', { faults: [{ field: 'cursor', message }] });
}

const SUBJECTS: Readonly<Record<CallbackKind, string>> = {
  call: 'call_',
  message: 'msg_',
  verification: 'ver_',
  ping: ENDPOINT,
};

export function deliveryJson(delivery: CallbackDelivery): Static<typeof deliverySchema> {
  const { receiver, event, subjectId, state, attempts, status, createdAt, dueAt, finalAt } = delivery;
  return {
    id: webhookId(delivery),
    endpoint: receiver === null || receiver === OWN_RECEIVER ? null : ENDPOINT + receiver,
    event,
    subject: SUBJECTS[kindOf(event)] + subjectId,
    ...{ state, attempts, response_status: status },
    created_at: new Date(createdAt).toISOString(),
    next_try_at: dueAt === null ? null : new Date(dueAt).toISOString(),
    ended_at: finalAt === null ? null : new Date(finalAt).toISOString(),
  };
}
