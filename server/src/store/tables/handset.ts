import type { Database, HandsetColumns } from '../schema.ts';
/** A message that reached the sandbox phone. */
export interface HandsetRow {
  readonly accountId: string;
  readonly id: string;
  /** Keyed digest of account and number: what a filter by number looks up. */
  readonly numberDigest: string;
  /** The whole message as JSON, sealed: it holds the code. */
  readonly sealed: string;
  readonly receivedAt: number;
}

export interface HandsetStore {
  add(rows: readonly HandsetRow[]): Promise<void>;
  /** Newest first. */
  list(accountId: string, numberDigest: string | null, limit: number): Promise<readonly HandsetRow[]>;
  /** The oldest one after the id `after` (null: from the beginning). */
  next(accountId: string, numberDigest: string | null, after: string | null): Promise<HandsetRow | null>;
  /** Deletes messages received before `before`, at most `limit`. */
  sweep(before: number, limit: number): Promise<number>;
}

export function handsetStore(db: Database): HandsetStore {
  /** An account's messages, of one number or of all. */
  function messages(accountId: string, numberDigest: string | null) {
    const query = db.selectFrom('handset_messages').selectAll().where('account_id', '=', accountId);
    return numberDigest === null ? query : query.where('number_digest', '=', numberDigest);
  }

  return {
    async add(rows) {
      if (rows.length > 0) await db.insertInto('handset_messages').values(rows.map(columnsOf)).execute();
    },
    async list(accountId, numberDigest, limit) {
      return (await messages(accountId, numberDigest).orderBy('id', 'desc').limit(limit).execute()).map(messageOf);
    },
    async next(accountId, numberDigest, after) {
      const query = messages(accountId, numberDigest).orderBy('id').limit(1);
      const row = await (after === null ? query : query.where('id', '>', after)).executeTakeFirst();
      return row ? messageOf(row) : null;
    },
    async sweep(before, limit) {
      const { numDeletedRows } = await db
        .deleteFrom('handset_messages')
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('account_id', 'id'),
            'in',
            selectFrom('handset_messages')
              .select(['account_id', 'id'])
              .where('received_at', '<', before)
              .limit(limit)
              .$asTuple('account_id', 'id'),
          ),
        )
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

function columnsOf({ accountId, id, numberDigest, sealed, receivedAt }: HandsetRow): HandsetColumns {
  return { account_id: accountId, id, number_digest: numberDigest, sealed, received_at: receivedAt };
}

function messageOf(row: HandsetColumns): HandsetRow {
  return {
    accountId: row.account_id,
    id: row.id,
    numberDigest: row.number_digest,
    sealed: row.sealed,
    receivedAt: row.received_at,
  };
}
