import type { Database } from '../schema.ts';

/** A call that the sandbox phone got. */
export interface HandsetCallRow {
  readonly accountId: string;
  readonly id: string;
  /** A new id with each change: readers that follow calls ask for what changed after the last one they saw. */
  readonly changeId: string;
  /** The node that placed the call: it alone can answer it or end it. */
  readonly node: string;
  /** Keyed digest of account and number: what a filter by number looks up. */
  readonly numberDigest: string;
  /** The call as JSON, sealed: its transcript holds the code. */
  readonly sealed: string;
  readonly startedAt: number;
}

/** Something that one node asks of the node that has the call. */
export interface HandsetErrand {
  readonly accountId: string;
  readonly id: string;
  readonly callId: string;
  /** Who is asked. */
  readonly node: string;
  readonly askSealed: string;
  readonly createdAt: number;
}

export interface HandsetCallStore {
  /** Adds calls, or replaces those that are there. */
  put(rows: readonly HandsetCallRow[]): Promise<void>;
  get(accountId: string, id: string): Promise<HandsetCallRow | null>;
  /** Newest first. */
  list(accountId: string, numberDigest: string | null, limit: number): Promise<readonly HandsetCallRow[]>;
  /** The oldest one after the id `after` (null: from the beginning). */
  next(accountId: string, numberDigest: string | null, after: string | null): Promise<HandsetCallRow | null>;
  /** The one that changed last. */
  lastChanged(accountId: string): Promise<HandsetCallRow | null>;
  /** The one whose last change is the first after the change `after` (null: from the beginning). */
  nextChanged(accountId: string, after: string | null): Promise<HandsetCallRow | null>;
  /** Asks another node. */
  ask(errand: HandsetErrand): Promise<void>;
  /** What `node` is asked and has not answered, in the order of their ids, at most `limit`. */
  asked(node: string, limit: number): Promise<readonly HandsetErrand[]>;
  /** Answers an errand; one that was called off stays away. */
  answer(accountId: string, id: string, answerSealed: string): Promise<void>;
  /** The answer, null while there is none. */
  answered(accountId: string, id: string): Promise<string | null>;
  /** Takes an errand away, answered or not. */
  callOff(accountId: string, id: string): Promise<void>;
  /** Deletes calls that began, and errands that were made, before `before`; at most `limit` of each. Returns how many. */
  sweep(before: number, limit: number): Promise<number>;
}

interface CallColumns {
  account_id: string;
  id: string;
  change_id: string;
  node: string;
  number_digest: string;
  sealed: string;
  started_at: number;
}

interface ErrandColumns {
  account_id: string;
  id: string;
  call_id: string;
  node: string;
  ask_sealed: string;
  answer_sealed: string | null;
  created_at: number;
}

export function handsetCallStore(base: Database): HandsetCallStore {
  const db = base.$extendTables<{ handset_calls: CallColumns; handset_errands: ErrandColumns }>();

  /** An account's calls, of one number or of all. */
  function calls(accountId: string, numberDigest: string | null = null) {
    const query = db.selectFrom('handset_calls').selectAll().where('account_id', '=', accountId);
    return numberDigest === null ? query : query.where('number_digest', '=', numberDigest);
  }

  async function one(query: ReturnType<typeof calls>): Promise<HandsetCallRow | null> {
    const row = await query.limit(1).executeTakeFirst();
    return row === undefined ? null : callOf(row);
  }

  async function sweepTable(
    table: 'handset_calls' | 'handset_errands',
    age: 'started_at' | 'created_at',
    before: number,
    limit: number,
  ) {
    const { numDeletedRows } = await db
      .deleteFrom(table)
      .where(({ eb, refTuple, selectFrom }) =>
        eb(
          refTuple('account_id', 'id'),
          'in',
          selectFrom(table)
            .select(['account_id', 'id'])
            .where(age, '<', before)
            .limit(limit)
            .$asTuple('account_id', 'id'),
        ),
      )
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  return {
    async put(rows) {
      if (rows.length === 0) return;
      await db
        .insertInto('handset_calls')
        .values(rows.map(columnsOf))
        .onConflict((conflict) =>
          conflict.columns(['account_id', 'id']).doUpdateSet(({ ref }) => ({
            change_id: ref('excluded.change_id'),
            sealed: ref('excluded.sealed'),
          })),
        )
        .execute();
    },
    get: (accountId, id) => one(calls(accountId).where('id', '=', id)),
    async list(accountId, numberDigest, limit) {
      return (await calls(accountId, numberDigest).orderBy('id', 'desc').limit(limit).execute()).map(callOf);
    },
    next(accountId, numberDigest, after) {
      const query = calls(accountId, numberDigest).orderBy('id');
      return one(after === null ? query : query.where('id', '>', after));
    },
    lastChanged: (accountId) => one(calls(accountId).orderBy('change_id', 'desc')),
    nextChanged(accountId, after) {
      const query = calls(accountId).orderBy('change_id');
      return one(after === null ? query : query.where('change_id', '>', after));
    },

    async ask({ accountId, id, callId, node, askSealed, createdAt }) {
      const values = { account_id: accountId, id, call_id: callId, node, ask_sealed: askSealed };
      await db
        .insertInto('handset_errands')
        .values({ ...values, answer_sealed: null, created_at: createdAt })
        .execute();
    },
    async asked(node, limit) {
      const rows = await db
        .selectFrom('handset_errands')
        .selectAll()
        .where('node', '=', node)
        .where('answer_sealed', 'is', null)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(errandOf);
    },
    async answer(accountId, id, answerSealed) {
      await db
        .updateTable('handset_errands')
        .set({ answer_sealed: answerSealed })
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .execute();
    },
    async answered(accountId, id) {
      const row = await db
        .selectFrom('handset_errands')
        .select('answer_sealed')
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.answer_sealed ?? null;
    },
    async callOff(accountId, id) {
      await db.deleteFrom('handset_errands').where('account_id', '=', accountId).where('id', '=', id).execute();
    },

    async sweep(before, limit) {
      const old = await sweepTable('handset_calls', 'started_at', before, limit);
      return old + (await sweepTable('handset_errands', 'created_at', before, limit));
    },
  };
}

function columnsOf({ accountId, id, changeId, node, numberDigest, sealed, startedAt }: HandsetCallRow): CallColumns {
  return {
    ...{ account_id: accountId, id, change_id: changeId, node },
    ...{ number_digest: numberDigest, sealed, started_at: startedAt },
  };
}

function callOf(row: CallColumns): HandsetCallRow {
  return {
    ...{ accountId: row.account_id, id: row.id, changeId: row.change_id, node: row.node },
    ...{ numberDigest: row.number_digest, sealed: row.sealed, startedAt: row.started_at },
  };
}

function errandOf(row: ErrandColumns): HandsetErrand {
  return {
    ...{ accountId: row.account_id, id: row.id, callId: row.call_id, node: row.node },
    ...{ askSealed: row.ask_sealed, createdAt: row.created_at },
  };
}
