import type { Act, AuditLog, By } from '../../accounts/audit-log.ts';
import type { Paths } from './endpoint.ts';
import type { Answer, Call, Operation } from './operation.ts';

/** What an operation did, as the audit log tells it. */
export type Done = Pick<Act, 'action' | 'objectType' | 'objectId' | 'detail'> & {
  /** Whose it is; absent: the caller's. */
  readonly accountId?: string | null;
};

/**
 * What is written down of each operation that changes something, by its id. Null: nothing, for it is no change of what is kept (a send,
 * a check), or it writes its own.
 */
export type Acts<Who> = Readonly<Record<string, ((call: Call<Who>, answer: Answer) => Done) | null>>;

interface Deps<Who> {
  readonly audit: AuditLog;
  readonly acts: Acts<Who>;
  readonly by: (who: Who) => Pick<By, 'actor'> & Pick<Act, 'accountId'>;
}

/** Has what operations did written down as part of doing it: what is done once for each Idempotency-Key is written down once. */
export function audited<Who>(paths: Paths<Who>, deps: Deps<Who>): Paths<Who> {
  return Object.fromEntries(Object.entries(paths).map(([line, one]) => [line, withAudit(one, deps)])) as Paths<Who>;
}

function withAudit<Who>(operation: Operation<Who>, { audit, acts, by }: Deps<Who>): Operation<Who> {
  const act = acts[operation.id];
  if (!act) return operation;
  return {
    ...operation,
    async handle(call) {
      const answer = await operation.handle(call);
      await audit({ ...by(call.who), requestId: call.requestId, ...act(call, answer) });
      return answer;
    },
  };
}

/** The names of the fields that a body had: what was changed, not into what. */
export function fieldsOf({ body }: Pick<Call<unknown>, 'body'>): { readonly fields: string } {
  return { fields: Object.keys(body ?? {}).join(',') };
}
