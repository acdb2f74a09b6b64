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
    refuseFaults([...faults, ...judge(soundFields(body, faults), about)]);
    return body as Static<S>;
  });
}

function soundFields<T>(body: unknown, faults: readonly Fault[]): Partial<T> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  const faulty = new Set(faults.map(({ field }) => field.split('.')[0]));
  return Object.fromEntries(Object.entries(body).filter(([field]) => !faulty.has(field))) as Partial<T>;
}
