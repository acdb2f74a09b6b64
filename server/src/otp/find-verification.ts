import { groupCommit } from '../store/group-commit.ts';
import type { Store } from '../store/store.ts';
import type { CheckFacts, VerificationQuery } from '../store/tables/verifications.ts';
import type { Clock } from '../values/clock.ts';
import { isId } from '../values/id.ts';
import { refuseOverload } from './overload.ts';
import type { Asker } from './verification.ts';

/** Resolves to null where there is none, and for one of another mode or dialect. Rejects with `unavailable`. */
export type FindsVerification = (query: VerificationQuery) => Promise<CheckFacts | null>;

export interface FinderDeps {
  readonly store: { readonly verifications: Pick<Store['verifications'], 'find'> };
  readonly clock: Clock;
}

/** Looks verifications up before anything is judged, many in one query. */
export function verificationFinder({ store, clock }: FinderDeps): FindsVerification {
  const lane = groupCommit<VerificationQuery, CheckFacts | null>((queries) =>
    store.verifications.find(queries, clock.now()),
  );
  return async (query) => {
    // PostgreSQL would fail the whole query for it.
    if ('id' in query && !isId(query.id)) return null;
    refuseOverload(lane);
    const found = await lane.add(query);
    return found !== null && belongsTo(found, query) ? found : null;
  };
}

/** One of another mode or dialect is not found. */
export function belongsTo(
  { mode, dialect }: Pick<CheckFacts, 'mode' | 'dialect'>,
  asker: Pick<Asker, 'mode' | 'dialect'>,
): boolean {
  return mode === asker.mode && dialect === asker.dialect;
}
