import { Type } from '@sinclair/typebox';
import { answerObject } from '../field-schemas.ts';
import { PROBLEMS, type ProblemCode } from '../problem.ts';
import type { Json } from './schema-object.ts';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

const faultSchema = answerObject('Fault', {
  field: Type.String({
    description: 'A dotted path, the name of a header field, or `body`.',
    examples: ['voice.name'],
  }),
  message: Type.String({ description: 'What is wrong, and how to mend it: a sentence for people.' }),
});

/** RFC 9457. */
export const problemSchema = answerObject('Problem', {
  type: Type.String({
    format: 'uri',
    description: 'A name for its kind; nothing is found there.',
    examples: ['urn:passbell:problem:invalid_request'],
  }),
  title: Type.String({ description: 'Its kind, for people.', examples: ['The request has faults'] }),
  status: Type.Integer({ description: 'The status of the answer, again.', examples: [422] }),
  detail: Type.String({ description: 'A sentence for people.' }),
  code: Type.Union(
    CODES.map((code) => Type.Literal(code)),
    { description: 'For programs: the list is closed.' },
  ),
  errors: Type.Array(faultSchema, {
    description: 'The fields at fault, all at once; empty where it is not about fields.',
  }),
  request_id: Type.String({ format: 'uuid', description: 'What the operator finds it in the log by.' }),
});

const seconds = (description: string) => ({ description, schema: { type: 'string', pattern: '^[0-9]+$' } });
const RETRY_AFTER = seconds('Whole seconds.');

/** Header fields that go with a problem; always, unless `required` is false. */
const HEADERS: { readonly [C in ProblemCode]?: Readonly<Record<string, Json>> } = {
  unauthorized: { 'WWW-Authenticate': { schema: { type: 'string', const: 'Bearer' } } },
  rate_limited: {
    'Retry-After': RETRY_AFTER,
    RateLimit: {
      description: 'Which limit, and in how many seconds there is more: draft-ietf-httpapi-ratelimit-headers-10.',
      schema: { type: 'string', examples: ['"number";r=0;t=540'] },
    },
    'RateLimit-Policy': {
      required: false,
      description: 'What that limit allows: sends in so many seconds. Absent where it does not count sends.',
      schema: { type: 'string', examples: ['"number";q=3;w=600'] },
    },
  },
  unavailable: { 'Retry-After': RETRY_AFTER },
  idempotency_in_flight: { 'Retry-After': RETRY_AFTER },
};

/** Answers to requests that are refused, by name, for `components.responses`. */
export type Responses = Map<string, Json>;

/** The refusals of one operation, by status; `responses` gets those that it does not have yet. */
export function problemResponses(codes: readonly ProblemCode[], responses: Responses): Record<string, Json> {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => {
      const name = codes.join('_or_');
      responses.set(name, response(codes));
      return [status, { $ref: `#/components/responses/${name}` }];
    }),
  );
}

function response(codes: readonly ProblemCode[]): Json {
  const headers = Object.assign({}, ...codes.map((code) => HEADERS[code] ?? {})) as Record<string, Json>;
  // One that goes with some of the codes alone may be absent.
  const always = (name: string) => codes.every((code) => HEADERS[code]?.[name] !== undefined);
  const shown = Object.entries(headers).map(([name, header]) => [name, { required: always(name), ...header }] as const);
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
    ...(shown.length > 0 && { headers: Object.fromEntries(shown) }),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/Problem' }],
          properties: { code: { enum: codes } },
        },
      },
    },
  };
}
