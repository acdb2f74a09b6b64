import type { TSchema } from '@sinclair/typebox';

export type Json = Readonly<Record<string, unknown>>;

/** Schemas that have a name, as the document's `components.schemas` has them. */
export interface NamedSchemas {
  /** The schema of an answer as it stands in the document: by reference where it has a `$id`. */
  ofAnswer(schema: TSchema): Json;
  /** The same of what is asked: what a field must be is said of those that have no description. */
  ofRequest(schema: TSchema): Json;
  readonly all: ReadonlyMap<string, Json>;
}

/** @throws where two different schemas have one name: clients would be generated from either. */
export function namedSchemas(): NamedSchemas {
  const all = new Map<string, Json>();

  function schemaObject(schema: TSchema, isAsked: boolean): Json {
    const { $id: name, ...rest } = schema;
    const { description } = rest;
    const object = plain(rest as TSchema, isAsked);
    if (name === undefined) return object;
    const there = all.get(name);
    if (there !== undefined && JSON.stringify(there) !== JSON.stringify(object)) {
      throw new Error(`two schemas are called ${name}`);
    }
    all.set(name, object);
    return { $ref: `#/components/schemas/${name}`, ...(description !== undefined && { description }) };
  }

  function plain(schema: TSchema, isAsked: boolean): Json {
    const { must, anyOf, properties, patternProperties, items, ...rest } = schema;
    const inner = (schema: TSchema) => schemaObject(schema, isAsked);
    return {
      ...(isAsked && !speaks(schema) && { description: `Must ${must}.` }),
      ...(anyOf && oneOfThese(anyOf.map(inner))),
      ...rest,
      ...(properties && { properties: mapValues(properties, inner) }),
      ...(patternProperties && recordOf(mapValues(patternProperties, inner))),
      ...(items && { items: inner(items) }),
    };
  }

  return {
    all,
    ofAnswer: (schema) => schemaObject(schema, false),
    ofRequest: (schema) => schemaObject(schema, true),
  };
}

/** Several literals are an enumeration, and a type that may be null has two: generators of clients know what to make of these. */
function oneOfThese(schemas: readonly Json[]): Json {
  const flat = schemas.flatMap((schema) => (isOnly(schema, 'anyOf') ? (schema['anyOf'] as Json[]) : [schema]));
  const values = flat.flatMap(valuesOf);
  const others = flat.filter((schema) => valuesOf(schema).length === 0 && schema['type'] !== 'null');
  const isNullable = flat.some((schema) => schema['type'] === 'null');
  // With its description, if it was a list already.
  const listed = flat.find((schema) => Array.isArray(schema['enum']));
  const enumeration = values.length > 0 ? [{ ...listed, type: typeof values[0], enum: values }] : [];
  const [only, ...more]: Json[] = [...others, ...enumeration];
  if (only === undefined || more.length > 0 || !isNullable || typeof only['type'] !== 'string') {
    const rest = [only, ...more, ...(isNullable ? [{ type: 'null' }] : [])].filter((each) => each !== undefined);
    return rest.length === 1 ? (rest[0] ?? {}) : { anyOf: rest };
  }
  return {
    ...only,
    type: [only['type'], 'null'],
    ...(Array.isArray(only['enum']) && { enum: [...only['enum'], null] }),
  };
}

function valuesOf({ const: value, enum: values, type }: Json): unknown[] {
  if (Array.isArray(values) && typeof type === 'string') return values;
  return value === undefined ? [] : [value];
}

function isOnly(schema: Json, key: string): boolean {
  return Object.keys(schema).every((each) => each === key || each === 'description') && schema[key] !== undefined;
}

/** Whether a schema says what it is without its `must`, which of an object says no more than that it is one. */
function speaks({ must, description, type }: TSchema): boolean {
  return must === undefined || description !== undefined || type === 'object';
}

/** TypeBox's way to say any key is the pattern `^(.*)$`. */
function recordOf(patterns: Readonly<Record<string, Json>>): Json {
  const { '^(.*)$': any, ...others } = patterns;
  return any !== undefined && Object.keys(others).length === 0
    ? { additionalProperties: any }
    : { patternProperties: patterns };
}

function mapValues<T, U>(object: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
