import { OptionalKind, type TObject, type TSchema } from '@sinclair/typebox';
import type { Method } from '../endpoint.ts';
import type { AnswerShape, FileBody, Operation } from '../operation.ts';
import { problemResponses, type Responses } from './problem-responses.ts';
import { problemsOf } from './problems-of.ts';
import type { Json, NamedSchemas } from './schema-object.ts';

/** What operations have in common in the document. */
export interface Shared {
  readonly schemas: NamedSchemas;
  readonly responses: Responses;
}

/** A path as OpenAPI writes it: `/v1/keys/:id` is `/v1/keys/{id}`; what is left of a path is its `path`. */
export function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}');
}

/** An operation as the document has it (OpenAPI 3.1.1 §4.8.10). */
export function operationObject<Who>(method: Method, path: string, operation: Operation<Who>, shared: Shared): Json {
  const { id, summary, description, tag, query, headers = {}, body, idempotent, answers } = operation;
  const names = paramNames(path);
  const parameters = [
    ...names.map((name) => pathParameter(name, operation.params?.[name], shared)),
    ...(query === undefined ? [] : queryParameters(query as TObject, shared)),
    ...Object.entries(headers).map(([name, schema]) => parameter('header', name, schema, false, shared)),
    ...(idempotent === true ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
  ];
  const shown = Object.entries(answers).map(([status, answer]) => [status, response(answer, operation, shared)]);
  return {
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: requestBody(body, operation, shared) }),
    responses: {
      ...Object.fromEntries(shown),
      ...problemResponses(problemsOf(method, operation, names), shared.responses),
    },
  };
}

function paramNames(path: string): string[] {
  return [...path.matchAll(/:(\w+)|\*/g)].map(([text, name]) => name ?? text);
}

function pathParameter(name: string, schema: TSchema | undefined, { schemas }: Shared): Json {
  const object = schema === undefined ? { type: 'string' } : schemas.ofRequest(schema);
  return described({ in: 'path', name: name === '*' ? 'path' : name, required: true }, object);
}

function queryParameters({ properties, required = [] }: TObject, shared: Shared): Json[] {
  return Object.entries(properties).map(([name, schema]) =>
    parameter('query', name, schema, required.includes(name), shared),
  );
}

function parameter(where: string, name: string, schema: TSchema, required: boolean, { schemas }: Shared): Json {
  return described({ in: where, name, required }, schemas.ofRequest(schema));
}

/** Tools show the description of a parameter, not that of its schema. */
function described(parameter: Json, { description, ...schema }: Json): Json {
  return { ...parameter, ...(description !== undefined && { description }), schema };
}

function requestBody<Who>(body: TSchema | FileBody, { bodyOptional = false }: Operation<Who>, shared: Shared): Json {
  if (isFile(body)) {
    return { description: body.description, required: true, content: { [body.type]: {} } };
  }
  return { required: !bodyOptional, content: { 'application/json': { schema: shared.schemas.ofRequest(body) } } };
}

function isFile(body: TSchema | FileBody): body is FileBody {
  return typeof body.type === 'string' && body.type.includes('/');
}

function response<Who>(answer: AnswerShape, { idempotent = false }: Operation<Who>, { schemas }: Shared): Json {
  const { description, body, type, headers = {} } = answer;
  const shown = Object.entries(headers).map(([name, schema]) => [
    name,
    described({ required: !isOptional(schema) }, schemas.ofAnswer(schema)),
  ]);
  const all = {
    ...Object.fromEntries(shown),
    ...(idempotent && { 'Idempotent-Replayed': { $ref: '#/components/headers/IdempotentReplayed' } }),
  };
  return {
    description,
    ...(Object.keys(all).length > 0 && { headers: all }),
    ...(body !== undefined && { content: { 'application/json': { schema: schemas.ofAnswer(body) } } }),
    // Octets have no schema in OpenAPI 3.1 (§4.8.14.2); lines and events are text.
    ...(type !== undefined && { content: { [type]: type.startsWith('text/') ? { schema: { type: 'string' } } : {} } }),
  };
}

function isOptional(schema: TSchema): boolean {
  return OptionalKind in schema;
}
