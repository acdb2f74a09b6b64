import { sql } from 'kysely';
import type { Database, DeliveryColumns, OtpColumns } from '../schema.ts';
import type { OtpFilter, OtpRow } from './otps.ts';

/** An account's otps that pass the filter. */
export function filteredOtps(db: Database, accountId: string, filter: OtpFilter) {
  const { dialect, mode, channel, numberDigest, variant, createdAfter, createdBefore } = filter;
  const otps = numberDigest === undefined ? db.selectFrom('otps') : db.selectFrom('otps_by_number as otps');
  return otps
    .where('otps.account_id', '=', accountId)
    .$if(dialect !== undefined, (query) => query.where('otps.dialect', '=', dialect as NonNullable<typeof dialect>))
    .$if(mode !== undefined, (query) => query.where('otps.mode', '=', mode as NonNullable<typeof mode>))
    .$if(channel !== undefined, (query) => query.where('otps.channel', '=', channel as NonNullable<typeof channel>))
    .$if(numberDigest !== undefined, (query) => query.where('otps.number_digest', '=', numberDigest ?? ''))
    .$if(variant !== undefined, (query) => query.where(holdsText('otps.options', `"otp_options":"${variant}"`)))
    .$if(createdAfter !== undefined, (query) => query.where('otps.created_at', '>=', createdAfter ?? 0))
    .$if(createdBefore !== undefined, (query) => query.where('otps.created_at', '<=', createdBefore ?? 0));
}

/** The same otps, each with the delivery that came last. */
export function withDelivery(otps: ReturnType<typeof filteredOtps>) {
  return otps
    .innerJoin('deliveries', (join) =>
      join.onRef('deliveries.account_id', '=', 'otps.account_id').onRef('deliveries.id', '=', 'otps.delivery_id'),
    )
    .select(COLUMNS);
}

const COLUMNS = [
  'otps.account_id',
  'otps.id',
  'otps.delivery_id',
  'otps.dialect',
  'otps.mode',
  'otps.channel',
  'otps.number',
  'otps.number_digest',
  'otps.number_sealed',
  'otps.content_sealed',
  'otps.options',
  'otps.created_at',
  'otps.expires_at',
  'otps.keep_content_until',
  'deliveries.state',
  'deliveries.reason',
  'deliveries.carrier',
  'deliveries.segments',
  'deliveries.credits',
  'deliveries.submitted_at',
  'deliveries.final_at',
] as const;

type Row = Omit<OtpColumns, 'code_digest' | 'max_attempts' | 'ordinal'> &
  Pick<DeliveryColumns, 'state' | 'reason' | 'carrier' | 'segments' | 'credits' | 'submitted_at' | 'final_at'>;

/** Whether `column` holds `text` letter by letter: the one such test that both engines spell alike and that has no wildcards. */
function holdsText(column: string, text: string) {
  return sql<boolean>`replace(${sql.ref(column)}, ${text}, '') <> ${sql.ref(column)}`;
}

export function otpOf(row: Row): OtpRow {
  const { id, dialect, mode, number, channel, options, state, reason, carrier, segments, credits } = row;
  return {
    accountId: row.account_id,
    id,
    dialect,
    mode,
    number,
    channel,
    numberDigest: row.number_digest,
    numberSealed: row.number_sealed,
    contentSealed: row.content_sealed,
    options,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    keepContentUntil: row.keep_content_until,
    delivery: {
      id: row.delivery_id,
      state,
      reason,
      carrier,
      segments,
      credits,
      submittedAt: row.submitted_at,
      finalAt: row.final_at,
    },
  };
}
