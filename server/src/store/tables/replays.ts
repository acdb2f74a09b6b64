import type { Database, IdempotencyColumns } from '../schema.ts';

/** An answered (or running) request with an Idempotency-Key. Sends are claimed and answered with their batch instead, but found here too. */
export interface ReplayAnswer {
  readonly accountId: string;
  readonly key: string;
  readonly bodyDigest: string;
  /** Null while the first request runs. */
  readonly answerSealed: string | null;
  readonly keepUntil: number;
}

export interface ReplayStore {
  /** Claims the key, or returns what stands there. Of two racing calls exactly one gets `null`. */
  begin(answer: ReplayAnswer, now: number): Promise<ReplayAnswer | null>;
  /** What stands under a key; null: nothing, or its time is over. */
  find(accountId: string, key: string, now: number): Promise<ReplayAnswer | null>;
  finish(accountId: string, key: string, answerSealed: string): Promise<void>;
  /** Forgets a claim whose request failed before it did anything. */
  abandon(accountId: string, key: string): Promise<void>;
  sweep(now: number, limit: number): Promise<number>;
}

export function replayStore(db: Database): ReplayStore {
  const rowOf = (accountId: string, key: string) =>
    db.selectFrom('idempotency').selectAll().where('account_id', '=', accountId).where('key', '=', key);

  async function begin(answer: ReplayAnswer, now: number): Promise<ReplayAnswer | null> {
    const { accountId, key, bodyDigest, answerSealed, keepUntil } = answer;
    const columns = {
      body_digest: bodyDigest,
      otp_id: null,
      delivery_id: null,
      number: null,
      answer_sealed: answerSealed,
      keep_until: keepUntil,
    };
    // The row's lock decides a race: the second insert waits for the first, then finds a row that is still kept.
    const claimed = await db
      .insertInto('idempotency')
      .values({ account_id: accountId, key, ...columns })
      .onConflict((conflict) =>
        conflict.columns(['account_id', 'key']).doUpdateSet(columns).where('idempotency.keep_until', '<=', now),
      )
      .returning('key')
      .executeTakeFirst();
    if (claimed) return null;
    const row = await rowOf(accountId, key).executeTakeFirst();
    // Abandoned or swept since: the key is free again.
    return row ? answerOf(row) : begin(answer, now);
  }

  return {
    begin,
    async find(accountId, key, now) {
      const row = await rowOf(accountId, key).where('keep_until', '>', now).executeTakeFirst();
      return row ? answerOf(row) : null;
    },
    async finish(accountId, key, answerSealed) {
      await db
        .updateTable('idempotency')
        .set({ answer_sealed: answerSealed })
        .where('account_id', '=', accountId)
        .where('key', '=', key)
        .where('otp_id', 'is', null)
        .execute();
    },
    async abandon(accountId, key) {
      await db
        .deleteFrom('idempotency')
        .where('account_id', '=', accountId)
        .where('key', '=', key)
        .where('otp_id', 'is', null)
        .where('answer_sealed', 'is', null)
        .execute();
    },
    async sweep(now, limit) {
      const { numDeletedRows } = await db
        .deleteFrom('idempotency')
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('account_id', 'key'),
            'in',
            selectFrom('idempotency')
              .select(['account_id', 'key'])
              .where('keep_until', '<=', now)
              .limit(limit)
              .$asTuple('account_id', 'key'),
          ),
        )
        // Asked again of a row that others held: it is spared if the key was taken anew.
        .where('keep_until', '<=', now)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

function answerOf(row: IdempotencyColumns): ReplayAnswer {
  return {
    accountId: row.account_id,
    key: row.key,
    bodyDigest: row.body_digest,
    answerSealed: row.answer_sealed,
    keepUntil: row.keep_until,
  };
}
