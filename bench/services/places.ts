import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { seedPostgres } from '../seed/postgres.ts';
import { seedSqlite } from '../seed/sqlite.ts';
import type { Tenant } from './passbell-admin.ts';
import { postgresServer } from './postgres-server.ts';

/** Where a Passbell under test keeps its data. */
export interface Place extends AsyncDisposable {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly databasePids: readonly number[];
  /** Who sends; null until the first start on this place made the account. */
  tenant: Tenant | null;
  /** Multiplies the newest delivered code; nothing may run on the place meanwhile. */
  seed(rows: number): Promise<void>;
}

/** Makes an empty place; `dir` is empty, and its own. */
export type NewPlace = (dir: string) => Promise<Place>;

/** The embedded store. */
export const sqlitePlace: NewPlace = async (dir) => {
  const data = join(dir, 'data');
  return {
    args: ['--data', data],
    env: {},
    databasePids: [],
    tenant: null,
    async seed(rows) {
      seedSqlite(join(data, 'passbell.db'), rows, Date.now());
    },
    [Symbol.asyncDispose]: async () => {},
  };
};

/** A PostgreSQL server of its own, with its default, durable settings. */
export const postgresPlace: NewPlace = async (dir) => {
  const server = await postgresServer();
  return {
    args: ['--data', join(dir, 'data'), '--database-url', server.url],
    env: { PASSBELL_KEYS: newKeys() },
    databasePids: [server.pid],
    tenant: null,
    async seed(rows) {
      await seedPostgres(server.url, rows, Date.now());
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
};

/** The key file's text: with a database, a node makes none by itself, for all nodes need the same. */
function newKeys(): string {
  const key = () => randomBytes(32).toString('base64url');
  return JSON.stringify({ format: 1, number_pepper: key(), keys: [{ version: 1, pepper: key(), cipher: key() }] });
}
