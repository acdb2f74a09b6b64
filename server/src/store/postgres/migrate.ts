import { pendingMigrations } from '../migrations.ts';
import type { Connections } from './connections.ts';
import { postgresMigrations } from './migrations.ts';

/** Any number, as long as nobody else in the database uses it: "passbell" in ASCII. */
const LOCK = 0x7061_7373_6265_6cn;

/** Brings the schema up to this version. Of nodes that start at once, one does it and the others wait. */
export async function migrate(connections: Connections, now: number): Promise<void> {
  await connections.commit(async (connection) => {
    await connection.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await connection.query(
      'CREATE TABLE IF NOT EXISTS migrations (id integer PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL)',
    );
    const { rows } = await connection.query<{ applied: number }>(
      'SELECT coalesce(max(id), 0) AS applied FROM migrations',
    );
    for (const { id, name, sql } of pendingMigrations(postgresMigrations, rows[0]?.applied ?? 0)) {
      await connection.query(sql);
      await connection.query('INSERT INTO migrations (id, name, applied_at) VALUES ($1, $2, $3)', [id, name, now]);
    }
  });
}
