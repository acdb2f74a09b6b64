/** One step of the schema, forward only. Once released, a step is never edited: the next one mends it. */
export interface Migration {
  /** Counts from 1 without gaps. */
  readonly id: number;
  readonly name: string;
  /** Statements, run in order in one transaction with the note that they ran. */
  readonly sql: string;
}

/**
 * The steps still to run over a database that has run those up to `applied` (0: an empty one). Throws when the database comes
 * from a newer version: to run against it would be to write rows that the newer version does not expect.
 */
export function pendingMigrations(all: readonly Migration[], applied: number): readonly Migration[] {
  const newest = all.at(-1)?.id ?? 0;
  if (applied > newest) {
    throw new Error(
      `The database is at schema ${applied}, this version of passbell knows ${newest}. ` +
        'Start the version that wrote it, or restore a backup made before the upgrade.',
    );
  }
  return all.filter(({ id }) => id > applied);
}
