import type { Mode } from '../../rules/accept.ts';
import type { CallbackDue, CallbackEvent } from '../../rules/callback.ts';
import { firstUuidAt } from '../id-range.ts';
import type { Database } from '../schema.ts';
import { type CallbackFacts, callbackFacts } from './callback-facts.ts';
import { callbackList } from './callback-list.ts';

/** A callback that a node takes over: due, and nobody's. */
export interface ClaimedCallback extends CallbackDue {
  /** `OWN_RECEIVER` or an endpoint's id; null: it is for all who want it, and not known yet who they are. */
  readonly receiver: string | null;
  /** Tries so far. */
  readonly attempts: number;
}

/** What became of a callback; fenced by `node`: a row that another node has taken is left alone. */
export interface CallbackResult {
  readonly accountId: string;
  readonly id: string;
  readonly node: string;
  /** Whom it was for; null where that is still not known. */
  readonly receiver: string | null;
  readonly attempts: number;
  /** The receiver's HTTP status; null where it gave none. */
  readonly status: number | null;
  readonly next:
    | { readonly kind: 'delivered' | 'given_up' | 'disabled' }
    /** Nobody wanted it in the first place: its row goes. */
    | { readonly kind: 'unwanted' }
    /** Tried again by whoever claims it then. */
    | { readonly kind: 'retry'; readonly dueAt: number };
}

/** Whom a callback is for: the first has the row itself, each other one a copy of it. Fenced by `node`, as results are. */
export interface CallbackSpread {
  readonly accountId: string;
  readonly id: string;
  readonly node: string;
  /** Never none. */
  readonly receivers: readonly string[];
}

export type CallbackState = 'pending' | 'delivered' | 'given_up' | 'disabled';

/** A callback to one receiver, as its account sees it. */
export interface CallbackDelivery extends ClaimedCallback {
  readonly state: CallbackState;
  /** The last answer's. */
  readonly status: number | null;
  /** When it is tried next; null: it is in a node's hands, or has ended. */
  readonly dueAt: number | null;
  readonly finalAt: number | null;
}

export interface CallbackFilter {
  readonly mode: Mode;
  readonly receiver?: string;
  readonly state?: CallbackState;
  readonly event?: CallbackEvent;
}

/** The outbox: what callers are owed word of. Rows are written by `Store.settle` and `Store.verify`, in the commit that made them due. */
export interface CallbackStore extends CallbackFacts {
  /** Takes over for `node` what is due and nobody's: a try that failed, or a node that stopped. Oldest first. */
  claim(node: string, now: number, limit: number): Promise<readonly ClaimedCallback[]>;
  /**
   * Says whom callbacks are for, in one commit; false for each that is no longer the node's, and was left alone. What is said twice by
   * the same node, for want of an answer, is true twice.
   */
  spread(spreads: readonly CallbackSpread[]): Promise<readonly boolean[]>;
  /** Writes results down, in one commit for all. */
  settle(results: readonly CallbackResult[], now: number): Promise<void>;
  /** Adds a callback to one receiver, due at once and nobody's. */
  add(due: CallbackDue, receiver: string): Promise<void>;
  /** The callback with this id, or the one to `receiver` that came of it; of what was sent in `mode`. */
  get(accountId: string, mode: Mode, id: string, receiver: string | null): Promise<CallbackDelivery | null>;
  /** Newest first, from after `after` on. */
  after(
    accountId: string,
    filter: CallbackFilter,
    limit: number,
    after: Pick<CallbackDelivery, 'id' | 'createdAt'> | null,
  ): Promise<readonly CallbackDelivery[]>;
  /** Has a callback that has ended sent again, with a fresh set of tries. False, and nothing is done, while it is pending. */
  replay(accountId: string, id: string, now: number): Promise<boolean>;
  /** Deletes callbacks made before `before`, pending ones excepted, at most `limit`; returns how many. */
  sweep(before: number, limit: number): Promise<number>;
}

/** Everything of it that is no hot path. */
export function callbackReads(db: Database): Omit<CallbackStore, 'claim' | 'spread' | 'settle'> {
  return {
    ...callbackFacts(db),
    ...callbackList(db),
    async sweep(before, limit) {
      const { numDeletedRows } = await db
        .deleteFrom('callbacks')
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('account_id', 'id'),
            'in',
            selectFrom('callbacks')
              .select(['account_id', 'id'])
              // Ids begin with the time they were made at (UUIDv7): the embedded store finds old ones in its key.
              .where('id', '<', firstUuidAt(before))
              .where('created_at', '<', before)
              .where('state', '!=', 'pending')
              .limit(limit)
              .$asTuple('account_id', 'id'),
          ),
        )
        // Asked again of a row that others held: it is spared if it is to be replayed.
        .where('state', '!=', 'pending')
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}
