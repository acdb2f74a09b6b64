import { join } from 'node:path';
import type { Tenant } from './passbell-admin.ts';
import { postgresServer } from './postgres-server.ts';
import type { Setup } from './service.ts';

/** Where a Passbell under test keeps its data. */
export interface Place extends AsyncDisposable {
  readonly args: readonly string[];
  readonly databasePids: readonly number[];
  /** Who sends; null until the first start on this place made the account. */
  tenant: Tenant | null;
}

/** A new, empty embedded store in the run's own directory. */
export async function freshSqlite({ dir }: Setup): Promise<Place> {
  return {
    args: ['--data', join(dir, 'data')],
    databasePids: [],
    tenant: null,
    [Symbol.asyncDispose]: async () => {},
  };
}

/** A new PostgreSQL server with an empty database. */
export async function freshPostgres({ dir }: Setup): Promise<Place> {
  const server = await postgresServer();
  return {
    // The data directory holds the key file: with a database, that is all it holds.
    args: ['--data', join(dir, 'data'), '--database-url', server.url],
    databasePids: [server.pid],
    tenant: null,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
