import type { Clock } from '../values/clock.ts';
import { openPostgres } from './postgres/store.ts';
import { openSqlite } from './sqlite/store.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** Where the embedded store lives; not looked at with PostgreSQL. */
  readonly dataDir: string;
  /** `postgres://…`; null: the embedded store. */
  readonly databaseUrl: string | null;
  readonly clock: Clock;
  /** Whether this process accepts and sends, or only looks and administers (the command line). */
  readonly serving: boolean;
}

/**
 * Opens the store and brings its schema up to this version. Rejects with a plain sentence for people when it cannot: another
 * process serves, the database is newer, the server does not answer.
 */
export async function openStore({ databaseUrl, ...options }: StoreOptions): Promise<Store> {
  if (databaseUrl === null) return openSqlite(options);
  return openPostgres({ databaseUrl, clock: options.clock });
}
