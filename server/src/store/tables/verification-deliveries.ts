import { sql } from 'kysely';
import type { Database } from '../schema.ts';
import { byAccount } from './by-account.ts';
import type { AttemptRow } from './otps.ts';
import type { VerificationDelivery } from './verifications.ts';

interface Whose {
  readonly account_id: string;
  readonly id: string;
}

/** What was sent for these verifications, oldest first, by their ids: two queries for a whole page of them. */
export async function deliveriesOf(
  db: Database,
  verifications: readonly Whose[],
): Promise<ReadonlyMap<string, readonly VerificationDelivery[]>> {
  const found = new Map<string, VerificationDelivery[]>();
  if (verifications.length === 0) return found;
  const rows = await db
    .selectFrom('deliveries')
    .leftJoin('calls', (join) =>
      join.onRef('calls.account_id', '=', 'deliveries.account_id').onRef('calls.id', '=', 'deliveries.id'),
    )
    .select(['deliveries.account_id', 'deliveries.id', 'deliveries.otp_id', 'deliveries.channel', 'deliveries.state'])
    .select([
      'deliveries.reason',
      'deliveries.carrier',
      'deliveries.segments',
      'deliveries.credits',
      'deliveries.tries',
    ])
    .select(['deliveries.created_at', 'deliveries.submitted_at', 'deliveries.final_at'])
    .select(['calls.spoken_ms', 'calls.answered_at'])
    // Spelt out: with a bound value SQLite does not see that the partial index holds these.
    .where('deliveries.verification', '=', sql.lit(1))
    .where(({ or, and, eb }) =>
      or(
        [...byAccount(verifications.map(keyOf))].map(([accountId, ids]) =>
          and([eb('deliveries.account_id', '=', accountId), eb('deliveries.otp_id', 'in', ids)]),
        ),
      ),
    )
    .orderBy('deliveries.id')
    .execute();
  const tries = await triesOf(
    db,
    rows.filter((row) => row.tries > 0),
  );
  for (const row of rows) {
    const { id, channel, state, reason, carrier, segments, credits } = row;
    const deliveries = found.get(row.otp_id) ?? [];
    if (deliveries.length === 0) found.set(row.otp_id, deliveries);
    deliveries.push({
      ...{ id, channel, state, reason, carrier, segments, credits },
      spokenMs: row.spoken_ms,
      answeredAt: row.answered_at,
      createdAt: row.created_at,
      submittedAt: row.submitted_at,
      finalAt: row.final_at,
      tries: tries.get(id) ?? [],
    });
  }
  return found;
}

/** The tries of these deliveries, by their ids: one query for a whole page. */
export async function triesOf(
  db: Database,
  deliveries: readonly Whose[],
): Promise<ReadonlyMap<string, readonly AttemptRow[]>> {
  const found = new Map<string, AttemptRow[]>();
  if (deliveries.length === 0) return found;
  const rows = await db
    .selectFrom('attempts')
    .select(['delivery_id', 'n', 'part', 'carrier', 'outcome', 'code', 'at', 'receipt'])
    .select(['receipt_code as receiptCode', 'receipt_at as receiptAt'])
    .where(({ or, and, eb }) =>
      or(
        [...byAccount(deliveries.map(keyOf))].map(([accountId, ids]) =>
          and([eb('account_id', '=', accountId), eb('delivery_id', 'in', ids)]),
        ),
      ),
    )
    .orderBy('delivery_id')
    .orderBy('n')
    .orderBy('part')
    .execute();
  for (const { delivery_id, ...row } of rows) {
    const tries = found.get(delivery_id);
    if (tries) tries.push(row);
    else found.set(delivery_id, [row]);
  }
  return found;
}

function keyOf({ account_id, id }: Whose): [accountId: string, id: string] {
  return [account_id, id];
}
