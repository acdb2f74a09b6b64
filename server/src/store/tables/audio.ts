import type { Database } from '../schema.ts';
import { lockAccount } from './lock-account.ts';

/** A file of an account's audio store, converted: 8 kHz mono, 16 bit. */
export interface AudioRow extends AudioEntry {
  /** Samples, little-endian, as base64. */
  readonly pcm: string;
}

export interface AudioEntry {
  readonly accountId: string;
  /** From the account's root, lower case, as in `/spelling/en-gb/1.wav`. */
  readonly path: string;
  readonly samples: number;
  /** What was uploaded, for people: `44100 Hz, 2 channels, pcm16`. */
  readonly source: string;
  readonly updatedAt: number;
}

export interface AudioStore {
  /** Puts a file in place of what stands there. False, and nothing is written, when the account would then have more than `most`. */
  put(row: AudioRow, most: { readonly files: number; readonly samples: number }): Promise<boolean>;
  get(accountId: string, path: string): Promise<AudioRow | null>;
  /** By path, those whose path begins with `prefix`. */
  list(accountId: string, prefix: string): Promise<readonly AudioEntry[]>;
  /** False when there was none. */
  delete(accountId: string, path: string): Promise<boolean>;
}

export function audioStore(db: Database): AudioStore {
  return {
    put: (row, most) =>
      db.transaction().execute(async (tx) => {
        await lockAccount(tx, row.accountId);
        const others = await tx
          .selectFrom('audio')
          .select((eb) => [eb.fn.countAll<number>().as('files'), eb.fn.sum<number | null>('samples').as('samples')])
          .where('account_id', '=', row.accountId)
          .where('path', '!=', row.path)
          .executeTakeFirstOrThrow();
        const { pcm, samples, source, updatedAt } = row;
        if (Number(others.files) >= most.files || Number(others.samples) + samples > most.samples) return false;
        const columns = { pcm, samples, source, updated_at: updatedAt };
        await tx
          .insertInto('audio')
          .values({ account_id: row.accountId, path: row.path, ...columns })
          .onConflict((conflict) => conflict.columns(['account_id', 'path']).doUpdateSet(columns))
          .execute();
        return true;
      }),
    async get(accountId, path) {
      const row = await db
        .selectFrom('audio')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('path', '=', path)
        .executeTakeFirst();
      return row ? { ...entryOf(row), pcm: row.pcm } : null;
    },
    async list(accountId, prefix) {
      const rows = await db
        .selectFrom('audio')
        .select(['account_id', 'path', 'samples', 'source', 'updated_at'])
        .where('account_id', '=', accountId)
        .where('path', '>=', prefix)
        .orderBy('path')
        .execute();
      return rows.filter((row) => row.path.startsWith(prefix)).map(entryOf);
    },
    async delete(accountId, path) {
      const { numDeletedRows } = await db
        .deleteFrom('audio')
        .where('account_id', '=', accountId)
        .where('path', '=', path)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

function entryOf(row: {
  account_id: string;
  path: string;
  samples: number;
  source: string;
  updated_at: number;
}): AudioEntry {
  const { path, samples, source } = row;
  return { accountId: row.account_id, path, samples, source, updatedAt: row.updated_at };
}
