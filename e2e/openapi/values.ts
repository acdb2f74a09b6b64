import fc, { type Arbitrary } from 'fast-check';
import { type Json, resolved } from './described.ts';

/** What a field of some name is, most of the time: a request of any words does little work. */
export type Hints = Readonly<Record<string, Arbitrary<unknown>>>;

const ABSENT = Symbol('absent');
/** Longer ones say nothing new. */
const LONGEST = 60;
const MOST = 4;

export interface ValueRules {
  readonly document: Json;
  readonly hints: Hints;
  /** Fields that are never left out, though they may be. */
  readonly always?: readonly string[];
}

/** Values that a schema allows. */
export function valuesOf({
  document,
  hints,
  always = [],
}: ValueRules): (schema: Json, name?: string) => Arbitrary<unknown> {
  function value(given: Json, name = ''): Arbitrary<unknown> {
    const schema = resolved(document, given);
    const hint = Object.hasOwn(hints, name) ? hints[name] : undefined;
    if (hint !== undefined) return hint;
    if ('const' in schema) return fc.constant(schema['const']);
    if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
    const choices = (schema['anyOf'] ?? types(schema)) as readonly Json[];
    return choices.length === 1 ? plain(choices[0] ?? {}) : fc.oneof(...choices.map((choice) => value(choice)));
  }

  function plain(schema: Json): Arbitrary<unknown> {
    const { type, minimum = -1_000_000, maximum = 1_000_000 } = schema;
    const [min, max] = [minimum as number, maximum as number];
    switch (type) {
      case 'string':
        return text(schema);
      case 'integer':
        return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
      case 'number':
        return fc.double({ min, max, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return list(schema);
      default:
        return record(schema);
    }
  }

  function list({ items = {}, minItems = 0, maxItems = MOST, uniqueItems }: Json): Arbitrary<unknown> {
    const sizes = { minLength: minItems as number, maxLength: Math.min(maxItems as number, MOST) };
    const item = value(items as Json);
    return uniqueItems === true ? fc.uniqueArray(item, { ...sizes, comparator: same }) : fc.array(item, sizes);
  }

  function record(schema: Json): Arbitrary<unknown> {
    const { properties = {}, required = [], additionalProperties: rest } = schema;
    const fields = Object.entries(properties as Record<string, Json>).map(([name, field]) => {
      const given = value(field, name).map((value) => [name, value] as const);
      if (always.includes(name) || (required as string[]).includes(name)) return given;
      return fc.oneof({ arbitrary: fc.constant([name, ABSENT] as const), weight: 3 }, { arbitrary: given, weight: 1 });
    });
    const known = fc
      .tuple(...fields)
      .map((entries) => Object.fromEntries(entries.filter(([, value]) => value !== ABSENT)));
    return typeof rest === 'object'
      ? fc.dictionary(fc.string({ minLength: 1 }), value(rest as Json), { maxKeys: MOST })
      : known;
  }

  return value;
}

/** One schema for each of several types. */
function types(schema: Json): readonly Json[] {
  return Array.isArray(schema['type']) ? schema['type'].map((type) => ({ ...schema, type })) : [schema];
}

function text({ pattern, minLength = 0, maxLength = LONGEST, format, examples = [] }: Json): Arbitrary<unknown> {
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const sizes = { minLength: minLength as number, maxLength: Math.min(maxLength as number, LONGEST) };
  const any =
    typeof pattern === 'string'
      ? fc.stringMatching(new RegExp(pattern), { maxLength: LONGEST })
      : fc.oneof(fc.string({ ...sizes, unit: 'grapheme' }), fc.string({ ...sizes, unit: 'binary-ascii' }));
  const shown = examples as readonly string[];
  return shown.length === 0 ? any : fc.oneof(any, fc.constantFrom(...shown));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
