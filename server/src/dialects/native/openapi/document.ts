import type { Method, Paths } from '../endpoint.ts';
import { operationObject, type Shared, templateOf } from './operation-object.ts';
import { problemSchema } from './problem-responses.ts';
import { type Json, type NamedSchemas, namedSchemas } from './schema-object.ts';

export interface ApiDescription {
  readonly title: string;
  readonly description: string;
  readonly version: string;
  /** Where it is served, without a trailing slash. */
  readonly url: string;
  /** Tags and what they are about, in the order in which they are to be read. */
  readonly tags: Readonly<Record<string, string>>;
  /** What callers show. */
  readonly bearer: string;
  /** What the server tells by itself. */
  readonly webhooks?: (schemas: NamedSchemas) => Json;
}

const IDEMPOTENCY_KEY = {
  in: 'header',
  name: 'Idempotency-Key',
  required: false,
  description:
    'The same request under the same key is done once: for 24 hours, who asks again gets the first answer, with `Idempotent-Replayed: true`. Refusals are not kept.',
  schema: { type: 'string', pattern: '^[!-~]{1,255}$', examples: ['order-4711'] },
};

const IDEMPOTENT_REPLAYED = {
  description: 'The answer is that of an earlier request under the same key.',
  required: false,
  schema: { type: 'string', const: 'true' },
};

/** The OpenAPI 3.1 document of what `tables` serve. @throws where two operations, or two schemas, have one name. */
export function openApiDocument<Who>(tables: readonly Paths<Who>[], api: ApiDescription): Json {
  const { title, description, version, url, tags, bearer, webhooks } = api;
  const shared: Shared = { schemas: namedSchemas(), responses: new Map() };
  shared.schemas.ofAnswer(problemSchema);
  const paths = pathsObject(tables, shared);
  const named = (map: ReadonlyMap<string, Json>) => Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    openapi: '3.1.1',
    info: {
      ...{ title, version, description },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url }],
    security: [{ bearer: [] }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    ...(webhooks !== undefined && { webhooks: webhooks(shared.schemas) }),
    components: {
      schemas: named(shared.schemas.all),
      responses: named(shared.responses),
      parameters: { IdempotencyKey: IDEMPOTENCY_KEY },
      headers: { IdempotentReplayed: IDEMPOTENT_REPLAYED },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: bearer } },
    },
  };
}

function pathsObject<Who>(tables: readonly Paths<Who>[], shared: Shared): Json {
  const paths: Record<string, Record<string, Json>> = {};
  const ids = new Set<string>();
  for (const [line, operation] of tables.flatMap((table) => Object.entries(table))) {
    if (ids.has(operation.id)) throw new Error(`two operations are called ${operation.id}`);
    ids.add(operation.id);
    const [method, path] = line.split(' ') as [Method, string];
    const template = templateOf(path);
    paths[template] = { ...paths[template], [method.toLowerCase()]: operationObject(method, path, operation, shared) };
  }
  return paths;
}
