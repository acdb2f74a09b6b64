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
import { type EngineThread, leastBusy } from './engine-thread.ts';
import type { Lane } from './lane.ts';

/** Kysely over the store's threads: queries go to the readers, changes and transactions to the writer's lane. */
export function sqliteKysely(lane: Lane, readers: readonly EngineThread[]): Database {
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ThreadDriver(lane, readers),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<Schema>({ dialect });
}

class ThreadDriver implements Driver {
  readonly #lane: Lane;
  readonly #readers: readonly EngineThread[];

  constructor(lane: Lane, readers: readonly EngineThread[]) {
    this.#lane = lane;
    this.#readers = readers;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<ThreadConnection> {
    return new ThreadConnection(this.#lane, this.#readers);
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
  readonly #readers: readonly EngineThread[];
  #held: Awaited<ReturnType<Lane['hold']>> | undefined;

  constructor(lane: Lane, readers: readonly EngineThread[]) {
    this.#lane = lane;
    this.#readers = readers;
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
    const road = this.#held ?? (SelectQueryNode.is(query) ? (leastBusy(this.#readers) ?? this.#lane) : this.#lane);
    const { rows, changes } = await road.call('query', sql, values);
    return { rows: rows as R[], numAffectedRows: BigInt(changes) };
  }

  // biome-ignore lint/correctness/useYield: part of Kysely's interface; nothing here streams.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The embedded store does not stream.');
  }
}
