import type { Mode } from '../../rules/accept.ts';
import { firstUuidAt } from '../id-range.ts';
import type { Database } from '../schema.ts';
import type { CreditEntry } from './credits.ts';
import type { MessageRow } from './messages.ts';

/** When what is exported was made, ms since the epoch. */
export interface ExportRange {
  /** Inclusive; null: from the first one on. */
  readonly createdAfter: number | null;
  /** Exclusive. */
  readonly createdBefore: number;
}

/** A message as it is exported: without its tries, which a file of rows has no place for. */
export type ExportedMessage = Omit<MessageRow, 'mode' | 'tries'>;

/** Long lists, page by page, newest first: what comes while they are read stays out of them. */
export interface ExportStore {
  /** After the message with id `after`. */
  messages(
    accountId: string,
    mode: Mode,
    range: ExportRange,
    limit: number,
    after: string | null,
  ): Promise<readonly ExportedMessage[]>;
  /** By subjects, at most `limit`: a hold stands beside its end. `after` is the last subject seen. */
  credits(accountId: string, range: ExportRange, limit: number, after: string | null): Promise<readonly CreditEntry[]>;
}

/** An id may run ahead of, or behind, the time that its row tells: nodes' clocks differ, and a burst counts into the next milliseconds. */
const SLACK_MS = 60_000;

export function exportStore(db: Database): ExportStore {
  return {
    async messages(accountId, mode, { createdAfter, createdBefore }, limit, after) {
      const rows = await db
        .selectFrom('deliveries')
        .innerJoin('otps', (join) =>
          join.onRef('otps.account_id', '=', 'deliveries.account_id').onRef('otps.id', '=', 'deliveries.otp_id'),
        )
        .select(['deliveries.account_id as accountId', 'deliveries.id', 'deliveries.otp_id as otpId'])
        .select(['deliveries.verification', 'otps.dialect', 'otps.number_sealed as numberSealed'])
        .select(['deliveries.state', 'deliveries.reason', 'deliveries.carrier'])
        .select(['deliveries.segments', 'deliveries.credits', 'deliveries.created_at as createdAt'])
        .select(['deliveries.submitted_at as submittedAt', 'deliveries.final_at as finalAt'])
        .where('deliveries.account_id', '=', accountId)
        .where('deliveries.channel', '=', 'sms')
        .where('otps.mode', '=', mode)
        // Ids sort by time, and are the one order of deliveries that has an index.
        .where('deliveries.id', '<', after ?? firstUuidAt(createdBefore + SLACK_MS))
        .where('deliveries.id', '>=', firstUuidAt((createdAfter ?? 0) - SLACK_MS))
        .where('deliveries.created_at', '>=', createdAfter ?? 0)
        .where('deliveries.created_at', '<', createdBefore)
        .orderBy('deliveries.id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ verification, ...row }) => ({ ...row, verification: verification === 1 }));
    },

    async credits(accountId, { createdAfter, createdBefore }, limit, after) {
      const rows = await db
        .selectFrom('credit_entries')
        .select(['subject', 'kind', 'pool', 'amount', 'note', 'at'])
        .where('account_id', '=', accountId)
        .where('subject', 'in', (eb) =>
          eb
            .selectFrom('credit_entries as opened')
            .select('opened.subject')
            .where('opened.account_id', '=', accountId)
            .where('opened.phase', '=', 0)
            .where('opened.at', '>=', createdAfter ?? 0)
            .where('opened.at', '<', createdBefore)
            .$if(after !== null, (query) => query.where('opened.subject', '<', after ?? ''))
            .orderBy('opened.subject', 'desc')
            .limit(limit),
        )
        .orderBy('subject', 'desc')
        .orderBy('phase')
        .execute();
      return rows.map((row) => ({ accountId, ...row }));
    },
  };
}
