import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Tenant } from './passbell-admin.ts';
import { postgresRow, postgresServer } from './postgres-server.ts';

/** Where a Passbell under test keeps its data. */
export interface Place extends AsyncDisposable {
  /** How the service is told of it. */
  readonly args: readonly string[];
  /** How `seed.ts` is told of it. */
  readonly seedArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly databasePids: readonly number[];
  /** Reads one row of the store's, beside the service. */
  row(query: string): Promise<Readonly<Record<string, unknown>>>;
  /** Does what the store would do by itself while many rows come over days; else it does it during the run. */
  tidy(): Promise<void>;
  /** Who sends; null until the first start on this place made the account. */
  tenant: Tenant | null;
}

/** Makes an empty place; `dir` is empty, and its own. */
export type NewPlace = (dir: string) => Promise<Place>;

/** The embedded store. */
export const sqlitePlace: NewPlace = async (dir) => {
  const data = join(dir, 'data');
  return {
    args: ['--data', data],
    seedArgs: ['--data', data],
    env: {},
    databasePids: [],
    row: async (query) => sqliteRow(join(data, 'passbell.db'), query),
    tidy: async () => {},
    tenant: null,
    [Symbol.asyncDispose]: async () => {},
  };
};

function sqliteRow(file: string, query: string): Readonly<Record<string, unknown>> {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare(query).get() ?? {};
  } finally {
    db.close();
  }
}

/** A PostgreSQL server of its own, which syncs every commit. */
export const postgresPlace: NewPlace = async (dir) => {
  const server = await postgresServer();
  return {
    args: ['--data', join(dir, 'data'), '--database-url', server.url],
    seedArgs: ['--database-url', server.url],
    env: { PASSBELL_KEYS: newKeys() },
    databasePids: [server.pid],
    row: (query) => postgresRow(server.url, query),
    async tidy() {
      await postgresRow(server.url, 'VACUUM (ANALYZE)');
      await postgresRow(server.url, 'CHECKPOINT');
    },
    tenant: null,
    [Symbol.asyncDispose]: () => server.stop(),
  };
};

/** The key file's text: with a database, a node makes none by itself, for all nodes need the same. */
function newKeys(): string {
  const key = () => randomBytes(32).toString('base64url');
  return JSON.stringify({ format: 1, number_pepper: key(), keys: [{ version: 1, pepper: key(), cipher: key() }] });
}
