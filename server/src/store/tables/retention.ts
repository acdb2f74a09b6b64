import type { Pool } from '../../errors.ts';
import { type Carried, foldLedger } from '../../rules/fold-ledger.ts';
import { firstUuidAt } from '../id-range.ts';
import type { CreditColumns, Database } from '../schema.ts';
import { appendAudit } from './audit.ts';
import { eraseOtps } from './erase-otps.ts';

/** How far one step of a chore came. */
export interface Step {
  /** Rows that were looked at: fewer than the limit when there are no more. */
  readonly seen: number;
  readonly done: number;
}

/** What goes by itself as time passes. Each step is one small commit, done again it finds nothing to do, and two nodes may do it at once. */
export interface RetentionStore {
  /** Erases what further sends of verifications say, once nobody is to send it any more; returns how many. */
  eraseOwnContent(now: number, limit: number): Promise<number>;
  /**
   * Erases numbers, and what was said of them, from an account's otps that were made before `before`, oldest first. Those whose code is
   * still checked at `now` are put off until it cannot be.
   */
  eraseNumbers(accountId: string, before: number, now: number, limit: number): Promise<Step>;
  /** Does what was put off, and is due by now, for whatever account; returns how many. */
  eraseDue(now: number, limit: number): Promise<number>;
  /**
   * Folds an account's ledger entries that were written before `before` into sums, at most `limit` grants and deliveries after the subject
   * `after`, and says so in the audit log; in one commit. Balances are not touched: what the entries add up to is the same before and after.
   */
  foldLedger(
    accountId: string,
    before: number,
    limit: number,
    after: string | null,
    entry: { readonly id: string; readonly at: number },
  ): Promise<Step & { readonly last: string | null }>;
}

/** What stands for entries that were folded: subjects older than every id, so that lists have them at their end. */
export const CARRIED: Readonly<Record<Pool, { readonly granted: string; readonly spent: string }>> = {
  sms: { granted: '00000000-0000-7000-8000-000000000001', spent: '00000000-0000-7000-8000-000000000002' },
  voice: { granted: '00000000-0000-7000-8000-000000000003', spent: '00000000-0000-7000-8000-000000000004' },
};
const LAST_CARRIED = CARRIED.voice.spent;
const NOTE = 'Carried forward';

interface RetentionColumns {
  account_id: string;
  erased_through: number;
}

interface DueColumns {
  account_id: string;
  otp_id: string;
  due_at: number;
}

export function retentionStore(base: Database): RetentionStore {
  const db = withRetention(base);

  async function nextOtps(accountId: string, limit: number) {
    const after = await erasedThrough(db, accountId);
    return db
      .selectFrom('otps')
      .select(['id', 'delivery_id as deliveryId', 'ordinal', 'created_at'])
      .where('account_id', '=', accountId)
      .where('ordinal', '>', after)
      .orderBy('ordinal')
      .limit(limit)
      .execute();
  }

  return {
    async eraseOwnContent(now, limit) {
      const { numUpdatedRows } = await db
        .updateTable('deliveries')
        .set({ content_sealed: null })
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('account_id', 'id'),
            'in',
            selectFrom('deliveries as old')
              .select(['old.account_id', 'old.id'])
              .where('old.content_sealed', 'is not', null)
              .where('old.expires_at', '<=', now)
              .where('old.state', '!=', 'queued')
              .orderBy('old.expires_at')
              .limit(limit)
              .$asTuple('account_id', 'id'),
          ),
        )
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows);
    },

    async eraseNumbers(accountId, before, now, limit) {
      // Most looks find nothing: one row tells.
      const [oldest] = await nextOtps(accountId, 1);
      if (oldest === undefined || oldest.created_at >= before) return { seen: 0, done: 0 };
      const next = await nextOtps(accountId, limit);
      const young = next.findIndex((otp) => otp.created_at >= before);
      const old = young < 0 ? next : next.slice(0, young);
      // Between the two looks, another node may have done it all.
      if (old.length === 0) return { seen: 0, done: 0 };
      await base.transaction().execute(async (tx) => {
        await reached(tx, accountId, old.at(-1)?.ordinal ?? 0);
        const running = await putOff(
          tx,
          accountId,
          old.map(({ id }) => id),
          now,
        );
        await eraseOtps(
          tx,
          accountId,
          old.filter(({ id }) => !running.has(id)),
        );
      });
      return { seen: old.length, done: old.length };
    },

    async eraseDue(now, limit) {
      const due = await db
        .selectFrom('erasures_due')
        .innerJoin('otps', (join) =>
          join.onRef('otps.account_id', '=', 'erasures_due.account_id').onRef('otps.id', '=', 'erasures_due.otp_id'),
        )
        .select(['otps.account_id', 'otps.id', 'otps.delivery_id as deliveryId'])
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(limit)
        .execute();
      for (const accountId of new Set(due.map((row) => row.account_id))) {
        const own = due.filter((row) => row.account_id === accountId);
        await base.transaction().execute(async (tx) => {
          await eraseOtps(tx, accountId, own);
          await withRetention(tx)
            .deleteFrom('erasures_due')
            .where('account_id', '=', accountId)
            .where(
              'otp_id',
              'in',
              own.map(({ id }) => id),
            )
            .execute();
        });
      }
      return due.length;
    },

    async foldLedger(accountId, before, limit, after, { id, at }) {
      const old = (within: Database) => oldEntries(within, accountId, before, limit, after);
      const looked = await old(base);
      const seen = new Set(looked.map(({ subject }) => subject)).size;
      const last = looked.at(-1)?.subject ?? null;
      if (foldLedger(looked, before).rows === 0) return { seen, done: 0, last };
      const done = await base.transaction().execute(async (tx) => {
        // Of two nodes that fold at once, the second one waits here, and finds the rows gone.
        await reached(tx, accountId, 0);
        const { subjects, rows, carried } = foldLedger(await old(tx), before);
        if (rows === 0) return 0;
        await tx
          .deleteFrom('credit_entries')
          .where('account_id', '=', accountId)
          .where('subject', 'in', subjects)
          .execute();
        for (const pool of ['sms', 'voice'] as const) await carry(tx, accountId, pool, carried[pool]);
        const what = { action: 'ledger.fold', objectType: 'account', objectId: accountId } as const;
        const who = { actor: 'system', accountId, requestId: null } as const;
        await appendAudit(tx, [{ id, at, ...who, ...what, detail: { entries: rows, subjects: subjects.length } }]);
        return rows;
      });
      return { seen, done, last };
    },
  };
}

/** The ordinal up to which the account's otps have neither number nor content any more, those aside that were put off. */
export async function erasedThrough(db: Database, accountId: string): Promise<number> {
  const progress = await withRetention(db)
    .selectFrom('retention')
    .select('erased_through')
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return progress?.erased_through ?? 0;
}

/** Notes how far the account's otps are erased; holds the account's row, so that one step waits for the other. */
async function reached(tx: Database, accountId: string, ordinal: number): Promise<void> {
  await withRetention(tx)
    .insertInto('retention')
    .values({ account_id: accountId, erased_through: ordinal })
    .onConflict((conflict) =>
      conflict.column('account_id').doUpdateSet(({ eb, ref }) => ({
        erased_through: eb
          .case()
          .when(ref('excluded.erased_through'), '>', ref('retention.erased_through'))
          .then(ref('excluded.erased_through'))
          .else(ref('retention.erased_through'))
          .end(),
      })),
    )
    .execute();
}

/** Of these otps, those whose code is still checked: noted for later. */
async function putOff(
  tx: Database,
  accountId: string,
  ids: readonly string[],
  now: number,
): Promise<ReadonlySet<string>> {
  const running = await tx
    .selectFrom('verifications')
    .select(['id', 'expires_at'])
    .where('account_id', '=', accountId)
    .where('id', 'in', ids)
    .where('state', '=', 'pending')
    .where('expires_at', '>', now)
    .execute();
  if (running.length > 0) {
    await withRetention(tx)
      .insertInto('erasures_due')
      .values(running.map(({ id, expires_at }) => ({ account_id: accountId, otp_id: id, due_at: expires_at })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return new Set(running.map(({ id }) => id));
}

/** Whole subjects, oldest first: their ids begin with the time they were made at. */
function oldEntries(db: Database, accountId: string, before: number, limit: number, after: string | null) {
  return db
    .selectFrom('credit_entries')
    .select(['subject', 'kind', 'pool', 'amount', 'at'])
    .where('account_id', '=', accountId)
    .where('subject', 'in', (eb) =>
      eb
        .selectFrom('credit_entries as old')
        .select('old.subject')
        .where('old.account_id', '=', accountId)
        .where('old.phase', '=', 0)
        .where('old.subject', '>', after ?? LAST_CARRIED)
        .where('old.subject', '<', firstUuidAt(before))
        .orderBy('old.subject')
        .limit(limit),
    )
    .orderBy('subject')
    .orderBy('phase')
    .execute();
}

/** Adds to the rows that stand for what was folded: a grant, and a hold with its capture. */
async function carry(tx: Database, accountId: string, pool: Pool, carried: Carried): Promise<void> {
  const { granted, captured, grantedAt, capturedAt } = carried;
  const common = { account_id: accountId, pool, note: NOTE } as const;
  const rows: CreditColumns[] = [];
  if (grantedAt !== null) {
    const subject = CARRIED[pool].granted;
    rows.push({ ...common, subject, phase: 0, kind: 'grant', amount: granted, at: grantedAt });
  }
  if (capturedAt !== null) {
    const spent = { ...common, subject: CARRIED[pool].spent, amount: captured, at: capturedAt };
    rows.push({ ...spent, phase: 0, kind: 'hold' }, { ...spent, phase: 1, kind: 'capture' });
  }
  if (rows.length === 0) return;
  await tx
    .insertInto('credit_entries')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'subject', 'phase']).doUpdateSet(({ eb, ref }) => ({
        amount: eb('credit_entries.amount', '+', ref('excluded.amount')),
        at: ref('excluded.at'),
      })),
    )
    .execute();
}

function withRetention(db: Database) {
  return db.$extendTables<{ retention: RetentionColumns; erasures_due: DueColumns }>();
}
