import type { DatabaseSync } from 'node:sqlite';
import type { Calls } from './calls.ts';

/**
 * Runs `work` in one transaction that holds the write lock from its start, so that what it read cannot change under it.
 * Whatever it throws, and a commit that fails, leave nothing behind.
 */
export function commit<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // An I/O error may have rolled back by itself.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** The steps of a transaction whose statements come from the main thread, one call each. */
export function transactionIn(db: DatabaseSync): Calls['transaction'] {
  const rollback = () => {
    if (db.isTransaction) db.exec('ROLLBACK');
  };
  return (step) => {
    switch (step) {
      case 'begin':
        db.exec('BEGIN IMMEDIATE');
        return;
      case 'commit':
        try {
          db.exec('COMMIT');
        } catch (error) {
          rollback();
          throw error;
        }
        return;
      case 'rollback':
        rollback();
        return;
      default:
        return step satisfies never;
    }
  };
}
