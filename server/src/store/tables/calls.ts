import type { Dialect, Mode } from '../../rules/accept.ts';
import type { CallDraft, CallRecord } from '../../rules/call-record.ts';
import type { DeliveryState, Reason } from '../../rules/outcome.ts';
import type { Database } from '../schema.ts';

/** A call detail record: a delivery by voice, with what became of it. */
export interface CallRow extends CallDraft, CallRecord {
  readonly accountId: string;
  /** The delivery's id, which is the call's. */
  readonly id: string;
  readonly otpId: string;
  readonly dialect: Dialect;
  readonly mode: Mode;
  /** The callee; null once it was erased. */
  readonly numberSealed: string | null;
  readonly createdAt: number;
  readonly state: DeliveryState;
  readonly reason: Reason | null;
  /** The trunk that was tried last. */
  readonly trunk: string | null;
  /** Credits held for it: charged when it was answered. */
  readonly credits: number;
  readonly finalAt: number | null;
}

export interface CallFilter {
  readonly mode?: Mode;
  readonly dialect?: Dialect;
  /** Inclusive, ms since the epoch: when the call was asked for. */
  readonly createdAfter?: number;
  /** Exclusive. */
  readonly createdBefore?: number;
}

export interface CallStore {
  /** Newest first. */
  page(accountId: string, filter: CallFilter, limit: number, offset: number): Promise<readonly CallRow[]>;
  count(accountId: string, filter: CallFilter): Promise<number>;
  get(accountId: string, id: string): Promise<CallRow | null>;
  /** Newest first, after the call with id `after`. */
  after(accountId: string, filter: CallFilter, limit: number, after: string | null): Promise<readonly CallRow[]>;
}

export function callStore(db: Database): CallStore {
  return {
    async page(accountId, filter, limit, offset) {
      const rows = await newestFirst(filteredCalls(db, accountId, filter))
        .limit(limit)
        .offset(offset)
        .execute();
      return rows.map(callOf);
    },
    async count(accountId, filter) {
      const { count } = await filteredCalls(db, accountId, filter)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async get(accountId, id) {
      const row = await newestFirst(filteredCalls(db, accountId, {}).where('calls.id', '=', id)).executeTakeFirst();
      return row ? callOf(row) : null;
    },
    async after(accountId, filter, limit, after) {
      const calls = newestFirst(filteredCalls(db, accountId, filter)).limit(limit);
      if (after === null) return (await calls.execute()).map(callOf);
      const last = await filteredCalls(db, accountId, {})
        .select('calls.created_at')
        .where('calls.id', '=', after)
        .executeTakeFirst();
      if (last === undefined) return [];
      const older = calls.where(({ eb, and, or }) =>
        or([
          eb('calls.created_at', '<', last.created_at),
          and([eb('calls.created_at', '=', last.created_at), eb('calls.id', '<', after)]),
        ]),
      );
      return (await older.execute()).map(callOf);
    },
  };
}

/** Calls of any accounts, in one query and in any order; those that are gone are left out. */
export async function callsOf(
  db: Database,
  of: readonly { readonly accountId: string; readonly id: string }[],
): Promise<readonly CallRow[]> {
  if (of.length === 0) return [];
  const these = callsWithOtps(db).where(({ eb, or, and }) =>
    or(of.map(({ accountId, id }) => and([eb('calls.account_id', '=', accountId), eb('calls.id', '=', id)]))),
  );
  return (await newestFirst(these).execute()).map(callOf);
}

/** Every call, with its delivery and its otp. */
function callsWithOtps(db: Database) {
  return db
    .selectFrom('calls')
    .innerJoin('deliveries', (join) =>
      join.onRef('deliveries.account_id', '=', 'calls.account_id').onRef('deliveries.id', '=', 'calls.id'),
    )
    .innerJoin('otps', (join) =>
      join.onRef('otps.account_id', '=', 'calls.account_id').onRef('otps.id', '=', 'calls.otp_id'),
    );
}

/** An account's calls that pass the filter. */
function filteredCalls(db: Database, accountId: string, filter: CallFilter) {
  const { mode, dialect, createdAfter, createdBefore } = filter;
  return callsWithOtps(db)
    .where('calls.account_id', '=', accountId)
    .$if(mode !== undefined, (query) => query.where('otps.mode', '=', mode as Mode))
    .$if(dialect !== undefined, (query) => query.where('otps.dialect', '=', dialect as Dialect))
    .$if(createdAfter !== undefined, (query) => query.where('calls.created_at', '>=', createdAfter ?? 0))
    .$if(createdBefore !== undefined, (query) => query.where('calls.created_at', '<', createdBefore ?? 0));
}

function newestFirst(calls: ReturnType<typeof filteredCalls>) {
  return calls
    .selectAll('calls')
    .select(['otps.dialect', 'otps.mode', 'otps.number_sealed'])
    .select([
      'deliveries.state',
      'deliveries.reason',
      'deliveries.carrier',
      'deliveries.credits',
      'deliveries.final_at',
    ])
    .orderBy('calls.created_at', 'desc')
    .orderBy('calls.id', 'desc');
}

type Row = Awaited<ReturnType<ReturnType<typeof newestFirst>['execute']>>[number];

function callOf(row: Row): CallRow {
  const { id, dialect, mode, caller, state, reason, credits, outcome, cause, replays } = row;
  return {
    ...{ id, dialect, mode, caller, state, reason, credits, outcome, cause, replays },
    accountId: row.account_id,
    otpId: row.otp_id,
    numberSealed: row.number_sealed,
    createdAt: row.created_at,
    trunk: row.carrier,
    finalAt: row.final_at,
    anonymous: row.anonymous === 1,
    instructionId: row.instruction_id,
    spokenMs: row.spoken_ms,
    callbackSealed: row.callback_sealed,
    warnings: JSON.parse(row.warnings) as string[],
    ringingAt: row.ringing_at,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    sipStatus: row.sip_status,
    sipReason: row.sip_reason,
  };
}
