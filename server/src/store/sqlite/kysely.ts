import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Database, Schema } from '../schema.ts';
import type { EngineThread } from './engine-thread.ts';
import type { Lane } from './lane.ts';

/** Kysely over the store's threads: queries go to the reader, changes and transactions to the writer's lane. */
export function sqliteKysely(lane: Lane, reader: EngineThread): Database {
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ThreadDriver(lane, reader),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<Schema>({ dialect });
}

class ThreadDriver implements Driver {
  readonly #lane: Lane;
  readonly #reader: EngineThread;

  constructor(lane: Lane, reader: EngineThread) {
    this.#lane = lane;
    this.#reader = reader;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<ThreadConnection> {
    return new ThreadConnection(this.#lane, this.#reader);
  }

  beginTransaction(connection: ThreadConnection): Promise<void> {
    return connection.begin();
  }

  commitTransaction(connection: ThreadConnection): Promise<void> {
    return connection.end('commit');
  }

  rollbackTransaction(connection: ThreadConnection): Promise<void> {
    return connection.end('rollback');
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

class ThreadConnection implements DatabaseConnection {
  readonly #lane: Lane;
  readonly #reader: EngineThread;
  #held: Awaited<ReturnType<Lane['hold']>> | undefined;

  constructor(lane: Lane, reader: EngineThread) {
    this.#lane = lane;
    this.#reader = reader;
  }

  async begin(): Promise<void> {
    this.#held = await this.#lane.hold();
    try {
      await this.#held.call('transaction', 'begin');
    } catch (error) {
      this.#letGo();
      throw error;
    }
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    try {
      await this.#held?.call('transaction', how);
    } finally {
      this.#letGo();
    }
  }

  #letGo(): void {
    this.#held?.release();
    this.#held = undefined;
  }

  async executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
    const values = parameters as readonly (string | number | null)[];
    const road = this.#held ?? (SelectQueryNode.is(query) ? this.#reader : this.#lane);
    const { rows, changes } = await road.call('query', sql, values);
    return { rows: rows as R[], numAffectedRows: BigInt(changes) };
  }

  // biome-ignore lint/correctness/useYield: part of Kysely's interface; nothing here streams.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The embedded store does not stream.');
  }
}
