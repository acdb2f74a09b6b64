import type { Dialect, Mode } from '../../rules/accept.ts';
import type { CallbackDue } from '../../rules/callback.ts';
import type { Reason } from '../../rules/outcome.ts';
import type { Database } from '../schema.ts';

/** A callback that a node takes over: due, and nobody's. */
export interface ClaimedCallback extends CallbackDue {
  /** Tries so far. */
  readonly attempts: number;
}

/** What became of a callback; fenced by `node`: a row that another node has taken is left alone. */
export interface CallbackResult {
  readonly accountId: string;
  readonly id: string;
  readonly node: string;
  readonly attempts: number;
  /** The receiver's HTTP status; null where it gave none. */
  readonly status: number | null;
  readonly next:
    | { readonly kind: 'delivered' | 'given_up' | 'disabled' }
    /** Tried again by whoever claims it then. */
    | { readonly kind: 'retry'; readonly dueAt: number };
}

/** What a message's callback tells, by its delivery. */
export interface MessageFacts {
  readonly accountId: string;
  readonly deliveryId: string;
  readonly otpId: string;
  readonly dialect: Dialect;
  readonly mode: Mode;
  readonly number: number | null;
  readonly numberSealed: string | null;
  readonly carrier: string | null;
  readonly segments: number;
  readonly credits: number;
  readonly reason: Reason | null;
  readonly createdAt: number;
  readonly finalAt: number | null;
}

/** The outbox: what callers are owed word of. Rows are written by `Store.settle`, in the commit that made them due. */
export interface CallbackStore {
  /** Takes over for `node` what is due and nobody's: a try that failed, or a node that stopped. Oldest first. */
  claim(node: string, now: number, limit: number): Promise<readonly ClaimedCallback[]>;
  /** Writes results down, in one commit for all. */
  settle(results: readonly CallbackResult[], now: number): Promise<void>;
  /** What is to be told of these messages, in any order; those that are gone are left out. */
  messages(
    of: readonly { readonly accountId: string; readonly deliveryId: string }[],
  ): Promise<readonly MessageFacts[]>;
  /** Deletes callbacks made before `before`, pending ones excepted, at most `limit`; returns how many. */
  sweep(before: number, limit: number): Promise<number>;
}

/** Everything of it that is no hot path. */
export function callbackReads(db: Database): Pick<CallbackStore, 'messages' | 'sweep'> {
  return {
    async messages(of) {
      if (of.length === 0) return [];
      return db
        .selectFrom('deliveries')
        .innerJoin('otps', (join) =>
          join.onRef('otps.account_id', '=', 'deliveries.account_id').onRef('otps.id', '=', 'deliveries.otp_id'),
        )
        .select(['deliveries.account_id as accountId', 'deliveries.id as deliveryId', 'otps.id as otpId'])
        .select(['otps.dialect', 'otps.mode', 'otps.number', 'otps.number_sealed as numberSealed'])
        .select(['deliveries.carrier', 'deliveries.segments', 'deliveries.credits', 'deliveries.reason'])
        .select(['deliveries.created_at as createdAt', 'deliveries.final_at as finalAt'])
        .where(({ eb, or, and }) =>
          or(
            [...byAccount(of)].map(([accountId, ids]) =>
              and([eb('deliveries.account_id', '=', accountId), eb('deliveries.id', 'in', ids)]),
            ),
          ),
        )
        .execute();
    },
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
              .where('id', '<', firstIdAt(before))
              .where('created_at', '<', before)
              .where('state', '!=', 'pending')
              .limit(limit)
              .$asTuple('account_id', 'id'),
          ),
        )
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

function byAccount(of: readonly { readonly accountId: string; readonly deliveryId: string }[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { accountId, deliveryId } of of) {
    const known = ids.get(accountId);
    if (known) known.push(deliveryId);
    else ids.set(accountId, [deliveryId]);
  }
  return ids;
}

/** Sorts before every UUIDv7 made at `ms` or later. */
function firstIdAt(ms: number): string {
  const time = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}
