import type { Actor, AuditEntry } from '../rules/audit.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import type { Caller } from './caller.ts';

/** Who did it, in which request. */
export interface By {
  readonly actor: Actor;
  /** Null where no request was made. */
  readonly requestId: string | null;
}

/** What was done, to what. */
export interface Act
  extends By,
    Pick<AuditEntry, 'action' | 'objectType' | 'objectId' | 'accountId'>,
    Partial<Pick<AuditEntry, 'detail'>> {}

/** Writes down what was done. Resolves after its commit: word of a change leaves no sooner. Rejects with `unavailable`. */
export type AuditLog = (act: Act) => Promise<void>;

export function auditLog({
  store,
  clock,
  ids,
}: {
  readonly store: Pick<Store, 'audit'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}): AuditLog {
  return ({ detail = {}, ...act }) => store.audit.append([{ id: ids(), at: clock.now(), detail, ...act }]);
}

/** Who a caller is, in the log's words. */
export function actorOf({ via }: Pick<Caller, 'via'>): Actor {
  return via.kind === 'key' ? `key:${via.keyId}` : `user:${via.userId}`;
}
