import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  InsertQueryNode,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { isError } from '../../errors.ts';
import type { Database, Schema } from '../schema.ts';
import type { Connection, Connections } from './connections.ts';
import { sqlState } from './errors.ts';

/** Kysely over the store's connections: errors are of the closed list, broken connections are replaced. */
export function postgresKysely(connections: Connections): Database {
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new ConnectionDriver(connections),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  return new Kysely<Schema>({ dialect });
}

class ConnectionDriver implements Driver {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PooledConnection> {
    return new PooledConnection(await this.#connections.take());
  }

  async beginTransaction({ connection }: PooledConnection): Promise<void> {
    await connection.query('BEGIN');
  }

  async commitTransaction({ connection }: PooledConnection): Promise<void> {
    await connection.query('COMMIT');
  }

  async rollbackTransaction({ connection }: PooledConnection): Promise<void> {
    // On a broken connection this fails too, and the server rolls back by itself: the first error is the one to tell.
    await connection.query('ROLLBACK').catch(() => {});
  }

  async releaseConnection({ connection }: PooledConnection): Promise<void> {
    connection.release();
  }

  async destroy(): Promise<void> {}
}

class PooledConnection implements DatabaseConnection {
  readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const { rows, rowCount } = await this.connection.query(sql, parameters);
      return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
    } catch (error) {
      if (InsertQueryNode.is(query) || !comparesNonsense(error)) throw error;
      return { rows: [], numAffectedRows: 0n };
    }
  }

  // biome-ignore lint/correctness/useYield: part of Kysely's interface; nothing here streams.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The store does not stream.');
  }
}

/**
 * A text that is no uuid (22P02), or that no text column can hold (22021: NUL), was compared with a column. Such a row does not
 * exist: that is the answer, as it is in the embedded store, and not an error.
 */
function comparesNonsense(error: unknown): boolean {
  if (!isError(error, 'internal')) return false;
  const state = sqlState(error.cause);
  return state === '22P02' || state === '22021';
}
