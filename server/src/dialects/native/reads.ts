import type { Static, TObject, TSchema } from '@sinclair/typebox';
import { TypeCompiler, type ValueError, ValueErrorType } from '@sinclair/typebox/compiler';
import { type Fault, PassbellError } from '../../errors.ts';

/** Reads one value without asking who sent it. */
export type Reads<T> = ((value: unknown) => T) & { readonly schema: TSchema };

/** Most faults told of one request: enough for people, and a bound on the answer to a body made of unknown fields. */
const MOST_FAULTS = 50;

/**
 * A reader of bodies and queries: the value as `schema` has it, or `invalid_request` with every fault at once. An object schema
 * refuses and names fields that it does not know. A schema's `must` completes the sentence "must …" for whoever got it wrong.
 */
export function reads<S extends TSchema>(schema: S): Reads<Static<S>> {
  const looks = looksAt(schema);
  return reader(schema, (value: unknown) => {
    refuseFaults(looks(value));
    return value as Static<S>;
  });
}

/** The same, of queries in which a field that was not filled in counts as absent: `?to=&limit=5` asks for any number. */
export function readsGiven<S extends TObject>(schema: S): Reads<Static<S>> {
  const read = reads(schema);
  return reader(schema, (query: unknown) => {
    return read(Object.fromEntries(Object.entries(query as object).filter(([, value]) => value !== '')));
  });
}

/** A way to read what `schema` describes, for operations: it takes no more than the schema says, and may be stricter. */
export function reader<R extends (value: unknown, ...about: never[]) => unknown>(
  schema: TSchema,
  read: R,
): R & { readonly schema: TSchema } {
  return Object.assign(read, { schema });
}

/** A look at a value: every fault of it, none if it is as `schema` has it. */
export function looksAt(schema: TSchema): (value: unknown) => Fault[] {
  const compiled = TypeCompiler.Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return [];
    const faults = new Map<string, Fault>();
    // Who sent nothing is told what to send.
    const sent = value === undefined && !compiled.Check({}) ? {} : value;
    for (const error of compiled.Errors(sent)) {
      const fault = faultOf(error);
      // One for each field: after "is required", that it is also no text helps nobody.
      if (!faults.has(fault.field)) faults.set(fault.field, fault);
      if (faults.size === MOST_FAULTS) break;
    }
    return [...faults.values()];
  };
}

/** @throws {PassbellError} `invalid_request`, if there are any. */
export function refuseFaults(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new PassbellError('invalid_request', { faults });
}

function faultOf({ type, schema, path }: ValueError): Fault {
  const field = fieldOf(path);
  switch (type) {
    case ValueErrorType.ObjectRequiredProperty:
      return { field, message: schema['const'] === undefined ? 'is required' : `is required: ${schema['const']}` };
    case ValueErrorType.ObjectAdditionalProperties:
      return { field, message: `is not known here; ${knownOf(schema as TObject)}` };
    default:
      return { field, message: `must ${(schema['must'] as string | undefined) ?? 'be of another kind'}` };
  }
}

function knownOf({ properties }: TObject): string {
  const names = Object.keys(properties);
  return names.length === 0 ? 'this takes no fields' : `known are: ${names.join(', ')}`;
}

/** A JSON pointer (RFC 6901) as a dotted path; long names of unknown fields are cut. */
function fieldOf(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  const path = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~').slice(0, 64)).join('.');
  return path === '' ? 'body' : path;
}
