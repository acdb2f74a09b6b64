import type { Dialect, Mode } from '../../rules/accept.ts';
import type { DeliveryState, Reason } from '../../rules/outcome.ts';
import type { Database } from '../schema.ts';
import type { AttemptRow } from './otps.ts';
import { triesOf } from './verification-deliveries.ts';

/** A delivery by SMS, with every try of it. */
export interface MessageRow {
  readonly accountId: string;
  /** The delivery's id. */
  readonly id: string;
  readonly otpId: string;
  /** Whether it carries a code that is checked here: its verification has the otp's id. */
  readonly verification: boolean;
  readonly dialect: Dialect;
  readonly mode: Mode;
  /** Who it goes to; null once it was erased. */
  readonly numberSealed: string | null;
  readonly state: DeliveryState;
  readonly reason: Reason | null;
  /** The carrier that was tried last. */
  readonly carrier: string | null;
  readonly segments: number;
  /** Credits held for it: charged unless it failed. */
  readonly credits: number;
  readonly createdAt: number;
  readonly submittedAt: number | null;
  readonly finalAt: number | null;
  readonly tries: readonly AttemptRow[];
}

export interface MessageFilter {
  readonly mode?: Mode;
}

export interface MessageStore {
  get(accountId: string, id: string): Promise<MessageRow | null>;
  /** Newest first, after the message with id `after`. */
  after(accountId: string, filter: MessageFilter, limit: number, after: string | null): Promise<readonly MessageRow[]>;
}

export function messageStore(db: Database): MessageStore {
  async function withTries(rows: readonly Row[]): Promise<readonly MessageRow[]> {
    const tries = await triesOf(
      db,
      rows.filter((row) => row.tries > 0),
    );
    return rows.map((row) => ({ ...messageOf(row), tries: tries.get(row.id) ?? [] }));
  }

  return {
    async get(accountId, id) {
      const rows = await filtered(db, accountId, {}).where('deliveries.id', '=', id).execute();
      return (await withTries(rows))[0] ?? null;
    },

    async after(accountId, filter, limit, after) {
      // Ids sort by time, and are the one order of deliveries that has an index.
      const page = filtered(db, accountId, filter).orderBy('deliveries.id', 'desc').limit(limit);
      return withTries(await (after === null ? page : page.where('deliveries.id', '<', after)).execute());
    },
  };
}

/** An account's messages that pass the filter, each with its otp. */
function filtered(db: Database, accountId: string, { mode }: MessageFilter) {
  return db
    .selectFrom('deliveries')
    .innerJoin('otps', (join) =>
      join.onRef('otps.account_id', '=', 'deliveries.account_id').onRef('otps.id', '=', 'deliveries.otp_id'),
    )
    .where('deliveries.account_id', '=', accountId)
    .where('deliveries.channel', '=', 'sms')
    .$if(mode !== undefined, (query) => query.where('otps.mode', '=', mode as Mode))
    .select(['deliveries.account_id', 'deliveries.id', 'deliveries.otp_id', 'deliveries.verification'])
    .select(['deliveries.state', 'deliveries.reason', 'deliveries.carrier', 'deliveries.tries'])
    .select(['deliveries.segments', 'deliveries.credits'])
    .select(['deliveries.created_at', 'deliveries.submitted_at', 'deliveries.final_at'])
    .select(['otps.dialect', 'otps.mode', 'otps.number_sealed']);
}

type Row = Awaited<ReturnType<ReturnType<typeof filtered>['execute']>>[number];

function messageOf(row: Row): Omit<MessageRow, 'tries'> {
  const { id, dialect, mode, state, reason, carrier, segments, credits } = row;
  return {
    ...{ id, dialect, mode, state, reason, carrier, segments, credits },
    accountId: row.account_id,
    otpId: row.otp_id,
    verification: row.verification === 1,
    numberSealed: row.number_sealed,
    createdAt: row.created_at,
    submittedAt: row.submitted_at,
    finalAt: row.final_at,
  };
}
