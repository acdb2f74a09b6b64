import type { TSchema } from '@sinclair/typebox';
import { callbackSchemas } from '../callback-schemas.ts';
import type { Json, NamedSchemas } from './schema-object.ts';

const header = (name: string, description: string) => {
  return { in: 'header', name, required: true, description, schema: { type: 'string' } };
};

/** Standard Webhooks 1.0. */
const parameters = [
  header('webhook-id', 'The same at every try: what was seen before is to be passed over.'),
  header('webhook-timestamp', 'Of this try, seconds since the epoch.'),
  header(
    'webhook-signature',
    '`v1,` and the HMAC-SHA-256 of id, timestamp and body; several while a secret is changed.',
  ),
];

/** What the server tells by itself (OpenAPI 3.1.1 §4.8.1, `webhooks`). */
export function webhooks(schemas: NamedSchemas): Json {
  return Object.fromEntries(
    Object.entries(callbackSchemas).map(([name, { summary, body }]) => [
      name,
      { post: webhook(`${name}Callback`, summary, body, schemas) },
    ]),
  );
}

function webhook(operationId: string, summary: string, body: TSchema, schemas: NamedSchemas): Json {
  return {
    ...{ operationId, summary, tags: ['Callbacks'], security: [], parameters },
    requestBody: { required: true, content: { 'application/json': { schema: schemas.ofAnswer(body) } } },
    responses: {
      '2XX': { description: 'It was taken. What the answer says is passed over.' },
      '410': { description: 'Nothing is told there any more.' },
      default: { description: 'It is tried again, for some days.' },
    },
  };
}
