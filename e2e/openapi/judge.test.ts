import { expect, it } from 'vitest';
import type { Answer } from './ask.ts';
import { type Json, operationsOf } from './described.ts';
import { judgeBy } from './judge.ts';

const problem = { type: 'object', required: ['status'], properties: { status: { type: 'integer' } } };
const item = { type: 'object', additionalProperties: false, required: ['id'], properties: { id: { type: 'string' } } };
const document: Json = {
  paths: {
    '/items/{id}': {
      get: {
        operationId: 'showItem',
        responses: {
          200: {
            headers: { ETag: { required: true, schema: { type: 'string' } } },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } },
          },
          204: { description: 'Nothing.' },
          404: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
        },
      },
      delete: { operationId: 'removeItem', responses: {} },
    },
  },
  components: { schemas: { Item: item, Problem: problem } },
};

const [showItem] = operationsOf(document);
const json = { 'content-type': 'application/json; charset=utf-8', etag: '"1"' };

function judged(status: number, headers: Answer['headers'], body: unknown, method = 'GET'): string | null {
  if (showItem === undefined) throw new Error('no operation');
  const text = body === undefined ? '' : JSON.stringify(body);
  return judgeBy(document)(showItem, method, { status, headers, body: Buffer.from(text) });
}

it.each<[string, Parameters<typeof judged>]>([
  ['an answer as described', [200, json, { id: 'a' }]],
  ['nothing, where there is nothing to say', [204, {}, undefined]],
  ['a problem', [404, { 'content-type': 'application/problem+json' }, { status: 404 }]],
  [
    'a method that is not there',
    [405, { 'content-type': 'application/problem+json', allow: 'GET, DELETE' }, { status: 405 }, 'PUT'],
  ],
])('passes %s', (_, answer) => {
  expect(judged(...answer)).toBeNull();
});

it.each<[string, Parameters<typeof judged>, string]>([
  ['a status that is not described', [201, json, { id: 'a' }], 'status 201'],
  ['a field too many', [200, json, { id: 'a', more: 1 }], 'additional properties'],
  ['a field too few', [200, json, {}], "required property 'id'"],
  ['a value of another type', [200, json, { id: 1 }], 'must be string'],
  ['a header field that is missing', [200, { ...json, etag: undefined }, { id: 'a' }], 'ETag is missing'],
  ['a body of another type', [200, { ...json, 'content-type': 'text/html' }, { id: 'a' }], 'text/html'],
  ['a body where there is none', [204, json, { id: 'a' }], 'there is a body'],
  [
    'a problem that says another status',
    [404, { 'content-type': 'application/problem+json' }, { status: 400 }],
    'says 400',
  ],
  ['a refusal that is no problem', [404, json, { status: 404 }], 'not documented'],
  ['a method that should not be there', [200, json, { id: 'a' }, 'PUT'], 'PUT was answered 200'],
  [
    'methods that are not there',
    [405, { 'content-type': 'application/problem+json', allow: 'GET' }, { status: 405 }, 'PUT'],
    'Allow is GET',
  ],
])('finds %s', (_, answer, fault) => {
  expect(judged(...answer)).toContain(fault);
});
