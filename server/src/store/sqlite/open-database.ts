import { DatabaseSync } from 'node:sqlite';
import { pendingMigrations } from '../migrations.ts';
import { commit } from './commit.ts';
import { sqliteMigrations } from './migrations.ts';

/** Another process (the command line) may write for a moment: wait for it this long before a call fails. */
const BUSY_MS = 10_000;

/**
 * After so many pages of log (16 MB) the writer carries it into the database: a pause of 20 to 30 ms every 15,000 sends. Measured:
 * 1,000 pages pause more often and write a tenth more, 16,000 pause for 90 ms, and a thread of its own for it gains nothing.
 */
const LOG_PAGES = 4_000;
/** Enough for the pages that are written to at a time, in KiB; what is read besides comes from the system's cache. */
const CACHE_KIB = 32_768;

/** A connection as every thread uses it. */
export function openDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: BUSY_MS, enableForeignKeyConstraints: false });
  // FULL: a commit is on the disk when it is answered. WAL alone would lose the last commits with the machine's power.
  // secure_delete: what is erased is overwritten where it stood, so that the file holds no remains of it (no difference to be measured).
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = ${LOG_PAGES};
    PRAGMA cache_size = -${CACHE_KIB}`);
  return db;
}

/** Brings the schema up to this version. Two processes that start at once do it one after the other. */
export function migrate(db: DatabaseSync, now: number): void {
  commit(db, () => {
    db.exec(
      'CREATE TABLE IF NOT EXISTS migrations (id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)',
    );
    const { applied } = db.prepare('SELECT coalesce(max(id), 0) AS applied FROM migrations').get() as {
      applied: number;
    };
    const note = db.prepare('INSERT INTO migrations (id, name, applied_at) VALUES (?, ?, ?)');
    for (const { id, name, sql } of pendingMigrations(sqliteMigrations, applied)) {
      db.exec(sql);
      note.run(id, name, now);
    }
  });
}
