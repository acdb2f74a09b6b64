import type { DatabaseSync } from 'node:sqlite';
import { accountKey } from '../../rules/accept.ts';
import type { Database } from '../schema.ts';
import type { Calls } from './calls.ts';
import { RecentKeys } from './recent-keys.ts';

/** The limits' buckets, as the log of their changes tells them. */
export interface LimitLog {
  /** Reads what was committed since the last call, by this process or another. To be called once the write lock is held. */
  catchUp(now: number): void;
  /** The bucket's arrival times; empty when it is full again, or was never used. */
  tats(accountId: string, subject: string, now: number): readonly number[];
}

/**
 * Limits are kept as a log: each change is a row at its end, and the newest row of a subject counts. As a table by subject, every
 * send would rewrite a page of its own, for numbers come in random order: twice the time and three times the bytes of all else
 * that a send writes. Where the newest rows stand is known in memory, from reading the log.
 *
 * A row ends by itself: it says when its bucket is full again, and a later row of the same subject ends no sooner.
 */
export function limitLog(db: DatabaseSync): LimitLog {
  const since = db.prepare('SELECT seq, account_id, subject, expires_at FROM limits WHERE seq > ? ORDER BY seq');
  since.setReturnArrays(true);
  const at = db.prepare('SELECT account_id AS accountId, subject, tats FROM limits WHERE seq = ?');
  const newest = new RecentKeys();
  let last = 0;
  return {
    catchUp(now) {
      for (const row of since.iterate(last) as unknown as Iterable<[number, string, string, number]>) {
        const [seq, accountId, subject, expiresAt] = row;
        newest.set(accountKey(accountId, subject), seq, expiresAt, now);
        last = seq;
      }
    },
    tats(accountId, subject, now) {
      const seq = newest.get(accountKey(accountId, subject), now);
      if (seq === 0) return [];
      const row = at.get(seq) as { accountId: string; subject: string; tats: string } | undefined;
      if (row === undefined || row.accountId !== accountId || row.subject !== subject) return [];
      return JSON.parse(row.tats) as number[];
    },
  };
}

/** Deletes rows whose bucket is full again. */
export function limitSweeper(db: DatabaseSync): Calls['sweepLimits'] {
  const sweep = db.prepare('DELETE FROM limits WHERE seq IN (SELECT seq FROM limits WHERE expires_at <= ? LIMIT ?)');
  return (now, limit) => Number(sweep.run(now, limit).changes);
}

/** Rows deleted in one commit. */
const FORGOTTEN_AT_ONCE = 500;

/**
 * Deletes what counts against one subject: its bucket is full again. The log has no index by subject: its rows are looked for beside the
 * writer, which a walk along all of it would stop.
 */
export function limitForgetter(base: Database): (accountId: string, subject: string) => Promise<void> {
  const db = base.$extendTables<{ limits: { seq: number; account_id: string; subject: string } }>();
  return async (accountId, subject) => {
    const rows = await db
      .selectFrom('limits')
      .select('seq')
      .where('account_id', '=', accountId)
      .where('subject', '=', subject)
      .execute();
    const seqs = rows.map(({ seq }) => seq);
    while (seqs.length > 0) {
      await db.deleteFrom('limits').where('seq', 'in', seqs.splice(0, FORGOTTEN_AT_ONCE)).execute();
    }
  };
}
