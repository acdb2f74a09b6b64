import type { DatabaseSync } from 'node:sqlite';
import type { Calls } from './calls.ts';

/**
 * Runs `work` in one transaction that holds the write lock from its start, so that what it read cannot change under it.
 * Whatever it throws, and a commit that fails, leave nothing behind. Inside another `commit` it is a part that can fail alone.
 */
export function commit<T>(db: DatabaseSync, work: () => T): T {
  if (db.isTransaction) return part(db, work);
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

function part<T>(db: DatabaseSync, work: () => T): T {
  db.exec('SAVEPOINT part');
  try {
    const result = work();
    db.exec('RELEASE part');
    return result;
  } catch (error) {
    // A full disk may have ended the whole transaction by itself.
    if (db.isTransaction) db.exec('ROLLBACK TO part; RELEASE part');
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
