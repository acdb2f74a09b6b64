import { type TSchema, Type } from '@sinclair/typebox';
import { CALLBACK_EVENTS } from '../../callbacks/callback-events.ts';
import type { CallbackKind } from '../../rules/callback.ts';
import { callSchema } from './call-json.ts';
import { progress, provenance } from './delivery-json.ts';
import { idField, numberField, orNull, timeField } from './field-schemas.ts';
import { verificationSchema } from './verifications/verification-schema.ts';

const to = orNull(numberField, { description: 'E.164; null once it was erased.' });
const strict = { additionalProperties: false };

const message = Type.Object(
  {
    id: idField('msg_', 'the message'),
    number: orNull(Type.Integer(), { description: 'The `id` that TingTing’s list shows.' }),
    to,
    state: progress.state,
    reason: progress.reason,
    ...provenance,
    carrier: progress.carrier,
    segments: Type.Integer({ minimum: 1, description: 'SMS that it took.' }),
    credits: Type.Integer({ minimum: 0, description: 'What it cost: nothing where it did not go out.' }),
    created_at: progress.created_at,
    ended_at: progress.ended_at,
  },
  strict,
);

const { id, status, channel, attempts, metadata, created_at, expires_at } = verificationSchema.properties;
const verification = Type.Object(
  {
    ...{ id, status, to, channel, ...provenance, attempts, metadata, created_at, expires_at },
    ended_at: timeField('When it came to its end.'),
  },
  strict,
);

const ping = Type.Object({ id: idField('cb_', 'the endpoint that is tried out') }, strict);

/** What callbacks look like that `callback-wording.ts` words, by what they tell of. Calls of CM.com’s API have that vendor’s own. */
export const callbackSchemas: Readonly<Record<CallbackKind, { readonly summary: string; readonly body: TSchema }>> = {
  message: { summary: 'A message has come to its end', body: callback('message', message) },
  call: { summary: 'A call has ended, or could not be made', body: callback('call', callSchema) },
  verification: { summary: 'A verification has ended', body: callback('verification', verification) },
  ping: { summary: 'An endpoint is tried out', body: callback('ping', ping) },
};

function callback(kind: CallbackKind, data: TSchema): TSchema {
  const events = CALLBACK_EVENTS.filter((event) => event.split('.')[0] === kind);
  return Type.Object(
    {
      type: Type.Union(events.map((event) => Type.Literal(event))),
      timestamp: timeField('When it came about.'),
      data,
    },
    strict,
  );
}
