import type { Static, TObject, TSchema } from '@sinclair/typebox';
import type { Fault } from '../../errors.ts';
import { looksAt, reader, refuseFaults } from './reads.ts';

/**
 * A reader of bodies, as `reads` makes them, that also asks what the fields mean: `judge` is given those that are as `schema` has them,
 * so that the answer names every fault of either kind at once.
 */
export function readsJudged<S extends TObject, About>(
  schema: S,
  judge: (sound: Partial<Static<S>>, about: About) => readonly Fault[],
): ((body: unknown, about: About) => Static<S>) & { readonly schema: TSchema } {
  const looks = looksAt(schema);
  return reader(schema, (body: unknown, about: About) => {
    const faults = looks(body);
    refuseFaults(oneForEach(faults, judge(soundFields(body, faults), about)));
    return body as Static<S>;
  });
}

/** What was read, or what is wrong with it. */
export type Reading<T> = { readonly value: T } | { readonly faults: readonly Fault[] };

/**
 * The same of bodies that are read into something else, once: `read` is given the sound fields. It has no value for them where one is missing
 * that `schema` asks for, and need not say so again. `faulty` has the names of the others: what rests on one of them cannot be judged.
 */
export function readsInto<S extends TObject, About, T>(
  schema: S,
  read: (sound: Partial<Static<S>>, about: About, faulty: ReadonlySet<string>) => Reading<T>,
): ((body: unknown, about: About) => T) & { readonly schema: TSchema } {
  const looks = looksAt(schema);
  return reader(schema, (body: unknown, about: About) => {
    const faults = looks(body);
    const reading = read(soundFields(body, faults), about, fieldsOf(faults));
    refuseFaults(oneForEach(faults, faultsOf(reading)));
    if ('faults' in reading) throw new Error('a body without fault that could not be read');
    return reading.value;
  });
}

export function faultsOf(reading: Reading<unknown>): readonly Fault[] {
  return 'faults' in reading ? reading.faults : [];
}

/** The fields of a body that have faults, or something in them that has. */
export function fieldsOf(faults: readonly Fault[]): ReadonlySet<string> {
  return new Set(faults.map(({ field }) => field.split('.')[0] ?? field));
}

/** One fault for a field: a field that is not as the schema has it looks to a judge as if it had not been sent. */
function oneForEach(faults: readonly Fault[], judged: readonly Fault[]): readonly Fault[] {
  const faulty = fieldsOf(faults);
  const sound = judged.filter(({ field }) => !faulty.has(field.split('.')[0] ?? field));
  return [...faults, ...sound.filter(({ field }, i) => sound.findIndex((other) => other.field === field) === i)];
}

function soundFields<T>(body: unknown, faults: readonly Fault[]): Partial<T> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  const faulty = fieldsOf(faults);
  return Object.fromEntries(Object.entries(body).filter(([field]) => !faulty.has(field))) as Partial<T>;
}
