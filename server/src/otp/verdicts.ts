import type { Lease } from '../delivery/lease.ts';
import { refusalError } from '../errors.ts';
import type { CallbackDue } from '../rules/callback.ts';
import type { VerifyRequest, VerifyVerdict } from '../rules/verify.ts';
import { groupCommit } from '../store/group-commit.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../values/clock.ts';
import { refuseOverload } from './overload.ts';

/** So many requests are worth a commit of their own: fewer cost too many syncs, more leave the store idle while this thread reads. */
const EAGER_AT = 32;

/** A request that was judged, and committed. */
export type Judged = Extract<VerifyVerdict, { readonly judged: true }>;

/** Where checks and wishes are judged, many in one commit. */
export interface Verdicts {
  /**
   * Resolves after the commit. Rejects with the refusal, or with `unavailable`: whether it was judged is then not known, except that nothing was
   * where the reason is `overloaded`.
   */
  on(request: VerifyRequest): Promise<Judged>;
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>;
}

interface VerdictDeps {
  readonly store: Pick<Store, 'verify'>;
  readonly lease: Pick<Lease, 'node'>;
  /** Told of callbacks that a commit made due, as this node's to send. */
  readonly onCallbacks: (due: readonly CallbackDue[], node: string) => void;
  readonly clock: Clock;
}

export function verdicts({ store, lease, onCallbacks, clock }: VerdictDeps): Verdicts {
  const lane = groupCommit<VerifyRequest, VerifyVerdict>(
    async (batch) => {
      const { node } = lease;
      const judged = await store.verify(batch, node, clock.now());
      const due = judged.flatMap((verdict) => (verdict.judged && verdict.callback) || []);
      if (due.length > 0) onCallbacks(due, node);
      return judged;
    },
    { eagerAt: EAGER_AT },
  );
  return {
    async on(request) {
      refuseOverload(lane);
      const verdict = await lane.add(request);
      if (!verdict.judged) throw refusalError(verdict.refusal);
      return verdict;
    },
    drain: () => lane.drain(),
  };
}
