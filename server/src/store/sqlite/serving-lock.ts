import { DatabaseSync } from 'node:sqlite';

/**
 * Makes this process the only one that serves from a data directory: a second database, held locked for as long as the process
 * lives. The kernel drops the lock with the process, so a kill -9 leaves nothing to clean up. Returns its undo.
 */
export function holdServingLock(file: string): () => void {
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    throw new Error(
      `Another passbell process serves from this data directory (${file} is locked). ` +
        'Stop it first, give this one another data directory, or use PostgreSQL to run several.',
      { cause },
    );
  }
  return () => db.close();
}
