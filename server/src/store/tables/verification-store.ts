import { sql } from 'kysely';
import type { WorkflowStep } from '../../rules/verification.ts';
import type { Database } from '../schema.ts';
import { deliveriesOf } from './verification-deliveries.ts';
import type { Verification, VerificationFilter, VerificationStore } from './verifications.ts';

// Spelt out: with a bound value SQLite does not see that a partial index holds these.
const PENDING = sql.lit<'pending'>('pending');
const QUEUED = sql.lit<'queued'>('queued');

/** Puts off what is due by `holdMs`, longest due first, as each engine keeps others from it; returns which. */
export type TakeDue = (
  now: number,
  limit: number,
  holdMs: number,
) => Promise<readonly { readonly accountId: string; readonly id: string }[]>;

/** Lists of verifications with all that was sent for them, and the ones that are to be looked at. */
export function verificationStore(db: Database, takeDue: TakeDue): Omit<VerificationStore, 'find'> {
  async function withDeliveries(rows: readonly Row[]): Promise<readonly Verification[]> {
    const deliveries = await deliveriesOf(db, rows);
    return rows.map((row) => ({ ...verificationOf(row), deliveries: deliveries.get(row.id) ?? [] }));
  }

  return {
    async get(accountId, id) {
      const rows = await whole(filtered(db, accountId, {}, 0).where('verifications.id', '=', id)).execute();
      return (await withDeliveries(rows))[0] ?? null;
    },

    async after(accountId, filter, limit, after, now) {
      const page = whole(filtered(db, accountId, filter, now))
        .orderBy('verifications.created_at', 'desc')
        .orderBy('verifications.id', 'desc')
        .limit(limit);
      if (after === null) return withDeliveries(await page.execute());
      const last = await filtered(db, accountId, {}, now)
        .select('verifications.created_at')
        .where('verifications.id', '=', after)
        .executeTakeFirst();
      if (last === undefined) return [];
      const older = page.where(({ eb, and, or }) =>
        or([
          eb('verifications.created_at', '<', last.created_at),
          and([eb('verifications.created_at', '=', last.created_at), eb('verifications.id', '<', after)]),
        ]),
      );
      return withDeliveries(await older.execute());
    },

    async due(now, limit, holdMs) {
      const taken = await takeDue(now, limit, holdMs);
      if (taken.length === 0) return [];
      const rows = await whole(db.selectFrom('verifications'))
        .where(({ or, and, eb }) =>
          or(
            taken.map(({ accountId, id }) =>
              and([eb('verifications.account_id', '=', accountId), eb('verifications.id', '=', id)]),
            ),
          ),
        )
        .execute();
      return withDeliveries(rows);
    },

    async withdrawn(node) {
      const rows = await db
        .selectFrom('deliveries')
        .innerJoin('verifications', (join) =>
          join
            .onRef('verifications.account_id', '=', 'deliveries.account_id')
            .onRef('verifications.id', '=', 'deliveries.otp_id'),
        )
        .select('deliveries.id')
        .where('deliveries.state', '=', QUEUED)
        .where('deliveries.node', '=', node)
        .where('deliveries.verification', '=', sql.lit(1))
        .where('verifications.state', '!=', PENDING)
        .execute();
      return new Set(rows.map(({ id }) => id));
    },
  };
}

function filtered(db: Database, accountId: string, filter: VerificationFilter, now: number) {
  const { mode, numberDigest, state, createdAfter, createdBefore } = filter;
  return db
    .selectFrom('verifications')
    .where('verifications.account_id', '=', accountId)
    .$if(mode !== undefined, (query) => query.where('verifications.mode', '=', mode as NonNullable<typeof mode>))
    .$if(numberDigest !== undefined, (query) => query.where('verifications.number_digest', '=', numberDigest ?? ''))
    .$if(createdAfter !== undefined, (query) => query.where('verifications.created_at', '>=', createdAfter ?? 0))
    .$if(createdBefore !== undefined, (query) => query.where('verifications.created_at', '<', createdBefore ?? 0))
    .$if(state !== undefined, (query) =>
      query.where(sql<boolean>`CASE WHEN verifications.state = 'pending' AND verifications.expires_at <= ${now}
        THEN 'expired' ELSE verifications.state END = ${state}`),
    );
}

function whole(verifications: ReturnType<typeof filtered> | ReturnType<Database['selectFrom']>) {
  return (verifications as ReturnType<typeof filtered>)
    .innerJoin('otps', (join) =>
      join.onRef('otps.account_id', '=', 'verifications.account_id').onRef('otps.id', '=', 'verifications.id'),
    )
    .selectAll('verifications')
    .select(['otps.number_sealed', 'otps.content_sealed', 'otps.options']);
}

type Row = Awaited<ReturnType<ReturnType<typeof whole>['execute']>>[number];

function verificationOf(row: Row): Omit<Verification, 'deliveries'> {
  const { id, mode, dialect, state, failures, sends, step, options } = row;
  return {
    ...{ id, mode, dialect, state, failures, sends, step, options },
    accountId: row.account_id,
    numberDigest: row.number_digest,
    maxAttempts: row.max_attempts,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    finalAt: row.final_at,
    deliveryId: row.delivery_id,
    lastSentAt: row.last_sent_at,
    steps: JSON.parse(row.steps) as readonly WorkflowStep[],
    dueAt: row.due_at,
    callback: row.callback === 1,
    callbackSealed: row.callback_sealed,
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    warnings: JSON.parse(row.warnings) as string[],
    converted: row.converted === null ? null : row.converted === 1,
    numberSealed: row.number_sealed,
    contentSealed: row.content_sealed,
  };
}
