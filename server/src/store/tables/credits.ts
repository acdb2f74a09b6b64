import type { Pool } from '../../errors.ts';
import { PassbellError } from '../../errors.ts';
import type { Balance } from '../../rules/accept.ts';
import type { Database } from '../schema.ts';
import type { Account, Opening } from './accounts.ts';

/** One row of the ledger. A hold and its end share their subject: the delivery. */
export interface CreditEntry {
  readonly accountId: string;
  /** The delivery of a hold, capture or release; the grant's own id. */
  readonly subject: string;
  readonly kind: 'grant' | 'hold' | 'capture' | 'release';
  readonly pool: Pool;
  /** Whole credits; negative only in a grant that takes credits back. */
  readonly amount: number;
  readonly note: string | null;
  readonly at: number;
}

export interface CreditStore {
  balances(accountId: string): Promise<Readonly<Record<Pool, Balance>>>;
  /** Adds a grant. A negative amount that would take more than is available is refused with `credits_exhausted`. */
  grant(entry: {
    accountId: string;
    id: string;
    pool: Pool;
    amount: number;
    note: string | null;
    at: number;
  }): Promise<Balance>;
  /** By subject, newest first, at most `limit` subjects: a hold stands beside its end. `after` is the last subject seen. */
  list(accountId: string, limit: number, after: string | null): Promise<readonly CreditEntry[]>;
  /** What the ledger's rows add up to, for the checker: must equal `balances`. */
  sums(accountId: string): Promise<Readonly<Record<Pool, Balance & { readonly openHolds: number }>>>;
}

const NONE: Balance = { granted: 0, held: 0, captured: 0 };

export function creditStore(db: Database): CreditStore {
  return {
    async balances(accountId) {
      const rows = await db
        .selectFrom('balances')
        .select(['pool', 'granted', 'held', 'captured'])
        .where('account_id', '=', accountId)
        .execute();
      const found: Record<Pool, Balance> = { sms: NONE, voice: NONE };
      for (const { pool, granted, held, captured } of rows) found[pool] = { granted, held, captured };
      return found;
    },

    grant: ({ accountId, id, pool, amount, note, at }) =>
      db.transaction().execute(async (tx) => {
        const balance = await tx
          .updateTable('balances')
          .set((eb) => ({ granted: eb('granted', '+', amount) }))
          .where('account_id', '=', accountId)
          .where('pool', '=', pool)
          .where((eb) => eb(eb('granted', '+', amount), '>=', eb('held', '+', eb.ref('captured'))))
          .returning(['granted', 'held', 'captured'])
          .executeTakeFirst();
        if (balance === undefined) return refuseGrant(tx, accountId, pool, amount);
        await tx
          .insertInto('credit_entries')
          .values({ account_id: accountId, subject: id, phase: 0, kind: 'grant', pool, amount, note, at })
          .execute();
        return balance;
      }),

    async list(accountId, limit, after) {
      const rows = await db
        .selectFrom('credit_entries')
        .selectAll()
        .where('account_id', '=', accountId)
        // Counted by subjects: a page must not end between a hold and its end.
        .where('subject', 'in', (eb) => {
          const subjects = eb
            .selectFrom('credit_entries')
            .select('subject')
            .where('account_id', '=', accountId)
            .where('phase', '=', 0)
            .orderBy('subject', 'desc')
            .limit(limit);
          return after === null ? subjects : subjects.where('subject', '<', after);
        })
        .orderBy('subject', 'desc')
        .orderBy('phase')
        .execute();
      return rows.map(({ subject, kind, pool, amount, note, at }) => ({
        accountId,
        subject,
        kind,
        pool,
        amount,
        note,
        at,
      }));
    },

    async sums(accountId) {
      const rows = await db
        .selectFrom('credit_entries')
        .select((eb) => [
          'pool',
          'kind',
          eb.fn.sum<number>('amount').as('amount'),
          eb.fn.countAll<number>().as('count'),
        ])
        .where('account_id', '=', accountId)
        .groupBy(['pool', 'kind'])
        .execute();
      const of = (pool: Pool) => {
        const total = (kind: CreditEntry['kind'], field: 'amount' | 'count') =>
          Number(rows.find((row) => row.pool === pool && row.kind === kind)?.[field] ?? 0);
        return {
          granted: total('grant', 'amount'),
          held: total('hold', 'amount') - total('capture', 'amount') - total('release', 'amount'),
          captured: total('capture', 'amount'),
          openHolds: total('hold', 'count') - total('capture', 'count') - total('release', 'count'),
        };
      };
      return { sms: of('sms'), voice: of('voice') };
    },
  };
}

/** Both balances of a new account, with its first grants in the ledger. */
export async function openBalances(db: Database, account: Account, grants: Opening['grants']): Promise<void> {
  const granted = (pool: Pool) => grants.reduce((sum, grant) => sum + (grant.pool === pool ? grant.amount : 0), 0);
  const pools: readonly Pool[] = ['sms', 'voice'];
  await db
    .insertInto('balances')
    .values(pools.map((pool) => ({ account_id: account.id, pool, ...NONE, granted: granted(pool) })))
    .execute();
  if (grants.length === 0) return;
  const entries = grants.map(({ id, pool, amount, note }) => {
    return {
      account_id: account.id,
      subject: id,
      phase: 0,
      kind: 'grant',
      pool,
      amount,
      note,
      at: account.createdAt,
    } as const;
  });
  await db.insertInto('credit_entries').values(entries).execute();
}

/** Says why no balance took the grant: there is none, or less is available than was to be taken back. */
async function refuseGrant(db: Database, accountId: string, pool: Pool, amount: number): Promise<never> {
  const balance = await db
    .selectFrom('balances')
    .select(['granted', 'held', 'captured'])
    .where('account_id', '=', accountId)
    .where('pool', '=', pool)
    .executeTakeFirst();
  if (balance === undefined) throw new PassbellError('not_found', { what: 'account' });
  const available = balance.granted - balance.held - balance.captured;
  throw new PassbellError('credits_exhausted', { pool, missing: -amount - available });
}
