/** JSON Schema, or any object of a document. */
export interface Json {
  readonly [key: string]: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Json;
}

/** An operation as an OpenAPI document describes it. */
export interface Described {
  readonly id: string;
  readonly method: string;
  /** All that its path has. */
  readonly methods: readonly string[];
  /** With `{name}` for its parameters. */
  readonly path: string;
  readonly params: readonly Parameter[];
  readonly query: readonly Parameter[];
  readonly headers: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly type: string; readonly schema: Json } | null;
  /** By status. */
  readonly responses: Readonly<Record<string, Json>>;
}

/** The operations of a document, and what its references mean. */
export function operationsOf(document: Json): readonly Described[] {
  const at = (value: unknown) => resolved(document, value);
  return Object.entries(at(document['paths'])).flatMap(([path, item]) => {
    const methods = Object.keys(at(item)).map((method) => method.toUpperCase());
    return Object.entries(at(item)).map(([method, value]) => {
      const operation = at(value);
      const parameters = ((operation['parameters'] ?? []) as unknown[]).map(at);
      const of = (where: string) =>
        parameters
          .filter((parameter) => parameter['in'] === where)
          .map(({ name, required = false, schema }) => ({ name, required, schema: at(schema) }) as Parameter);
      return {
        ...{ id: operation['operationId'] as string, method: method.toUpperCase(), methods, path },
        ...{ params: of('path'), query: of('query'), headers: of('header') },
        body: bodyOf(at, operation['requestBody']),
        responses: Object.fromEntries(
          Object.entries(at(operation['responses'])).map(([status, response]) => [status, at(response)]),
        ),
      };
    });
  });
}

/** The schema of what a server tells by itself. */
export function webhookSchema(document: Json, name: string): Json {
  const { post } = (document['webhooks'] as Json)[name] as Json;
  return bodyOf((value) => resolved(document, value), (post as Json)['requestBody'])?.schema ?? {};
}

function bodyOf(at: (value: unknown) => Json, value: unknown): Described['body'] {
  if (value === undefined) return null;
  const { required, content } = at(value);
  const [[type, media] = ['', {}]] = Object.entries(at(content));
  return { required: required === true, type, schema: at(at(media)['schema'] ?? {}) };
}

/** What stands behind a reference, or the value itself. */
export function resolved(document: Json, value: unknown): Json {
  const json = value as Json;
  const reference = json['$ref'];
  if (typeof reference !== 'string') return json;
  const steps = reference.slice(2).split('/');
  return resolved(
    document,
    steps.reduce<unknown>((at, step) => (at as Json)[step.replaceAll('~1', '/').replaceAll('~0', '~')], document),
  );
}
