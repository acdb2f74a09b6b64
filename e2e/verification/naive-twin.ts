import { createHash, timingSafeEqual } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Deployment } from './on-each-store.ts';
import type { Outcome } from './outcomes.ts';

/**
 * How a check is written by who thinks of one at a time: read the row, compare the code, write what came of it. Without a lock, and with no
 * condition on the write. It works on the service's own tables, and is the control of the tests that the service passes.
 */
export interface NaiveTwin {
  /** Gives the verification a code that the twin can compare: it has not the service's pepper. */
  adopt(id: string, code: string): Promise<void>;
  check(id: string, code: string): Promise<Outcome>;
  close(): Promise<void>;
}

/** One statement at a time; `$1` … stand for the values. */
type Query = (sql: string, ...values: readonly (string | number)[]) => Promise<Record<string, unknown>[]>;

export function naiveTwin({ kind, database }: Deployment): NaiveTwin {
  const { query, close } = kind === 'sqlite' ? overSqlite(database) : overPostgres(database);
  return {
    close,
    async adopt(id, code) {
      await query('UPDATE verifications SET code_digest = $1 WHERE id = $2', digestOf(code), rowId(id));
    },
    async check(id, code) {
      const [row] = await query(
        'SELECT state, failures, max_attempts, code_digest FROM verifications WHERE id = $1',
        rowId(id),
      );
      if (row?.['state'] !== 'pending') return 'ended';
      if (timingSafeEqual(Buffer.from(digestOf(code)), Buffer.from(`${row['code_digest']}`))) {
        await end(query, id, 'approved');
        return 'approved';
      }
      const failures = Number(row['failures']) + 1;
      await query('UPDATE verifications SET failures = $1 WHERE id = $2', failures, rowId(id));
      const left = Number(row['max_attempts']) - failures;
      if (left > 0) return `${left} left`;
      await end(query, id, 'max_attempts_reached');
      return 'ended';
    },
  };
}

async function end(query: Query, id: string, state: string): Promise<void> {
  await query(
    'UPDATE verifications SET state = $1, final_at = created_at, code_digest = NULL, due_at = NULL WHERE id = $2',
    state,
    rowId(id),
  );
}

/** Two connections in turn, each statement after a turn of the event loop: as it is with any driver that does not block. */
function overSqlite(path: string): { query: Query; close(): Promise<void> } {
  const connections = [path, path].map((file) => new DatabaseSync(file, { timeout: 5_000 }));
  let turn = 0;
  return {
    async query(sql, ...values) {
      await new Promise(setImmediate);
      const connection = connections[turn++ % connections.length];
      return connection?.prepare(sql.replaceAll(/\$\d/g, '?')).all(...values) ?? [];
    },
    async close() {
      for (const connection of connections) connection.close();
    },
  };
}

function overPostgres(url: string): { query: Query; close(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  return {
    query: async (sql, ...values) => (await pool.query<Record<string, unknown>>(sql, [...values])).rows,
    close: () => pool.end(),
  };
}

function digestOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

function rowId(id: string): string {
  return id.slice('ver_'.length);
}
