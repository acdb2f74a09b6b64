import pg from 'pg';
import { PassbellError } from '../../errors.ts';
import { breaksConnection, isUndone, storeError } from './errors.ts';

/** A statement that a connection parses once and keeps by its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** One connection, taken for a while. Queries reject with errors of the closed list. */
export interface Connection {
  query<R extends pg.QueryResultRow>(
    statement: Statement | string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<R>>;
  /** Gives it back; one that broke is closed instead. */
  release(): void;
}

export type Behind = (write: Promise<unknown>) => void;

export interface Connections {
  /** Questions whose connection broke, or to which no answer came in time. */
  readonly doubts: number;
  take(): Promise<Connection>;
  /**
   * Runs `work` in one transaction. Writes that it hands to `behind` need not be waited for: COMMIT is sent right behind them, and
   * fails if one of them does. When COMMIT was sent and no answer came, nobody knows whether it happened: that rejects with
   * `unavailable` as everything else does.
   *
   * Where two transactions waited for each other, the server undoes one of them: its `work` is run again, so it must do nothing but ask
   * the connection.
   */
  commit<T>(work: (connection: Connection, behind: Behind) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The server ends what takes longer; a node that stops in the middle of a transaction must not keep others from its rows. */
const STATEMENT_MS = 10_000;
/** The client's own end, for a server that does not answer at all. */
const ANSWER_MS = 12_000;
const CONNECT_MS = 5_000;
/** Transactions that the server undoes in a row until the caller is told. */
const MAX_UNDONE = 3;
/** Whom the undone one kept waiting goes first: begun again at once, it may be quicker to the same rows. */
const AFTER_YOU = 'SELECT pg_sleep(0.02)';

const INT8 = 20;

/** What a pool is for. */
export interface PoolOptions {
  readonly size: number;
  /** Settings of each session, as `postgres` takes them on its command line. */
  readonly options?: string;
  /** Queries of a connection are sent without waiting for the answers before them. */
  readonly pipeline?: boolean;
}

/**
 * For statements that all go by a key: no plan but that is to be considered. While a table is young its statistics are missing or old,
 * and the planner would rather read all of it, thousands of times a second.
 */
export const KEYS_ONLY =
  '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan';

/** A pool of connections to one server, which may go away and come back: broken ones are replaced. */
export function connectionsTo(url: string, { size, options, pipeline = false }: PoolOptions): Connections {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    pipeline,
    ...(options !== undefined && { options }),
    application_name: 'passbell',
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    lock_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    // Times and credits are far below 2^53.
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  });
  // A connection that breaks while nobody asks anything of it must not end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));

  let doubts = 0;

  async function take(): Promise<Connection> {
    const client = await pool.connect().catch((error: unknown) => {
      throw storeError(error);
    });
    let isBroken = false;
    return {
      async query(statement, values = []) {
        try {
          const config = typeof statement === 'string' ? { text: statement } : statement;
          return await client.query({ ...config, values: [...values] });
        } catch (error) {
          if (breaksConnection(error)) {
            isBroken = true;
            doubts += 1;
          }
          throw storeError(error);
        }
      },
      release: () => client.release(isBroken),
    };
  }

  async function transaction<T>(work: (connection: Connection, behind: Behind) => Promise<T>): Promise<T> {
    const connection = await take();
    const sent: Promise<unknown>[] = [];
    const behind: Behind = (write) => {
      // Looked at with COMMIT; until then its failure must not look like one that nobody handles.
      write.catch(() => {});
      sent.push(write);
    };
    try {
      behind(connection.query('BEGIN'));
      const result = await work(connection, behind);
      const commit = connection.query('COMMIT');
      behind(commit);
      await Promise.all(sent);
      // A transaction in which a statement failed is rolled back by its COMMIT, without an error.
      if ((await commit).command !== 'COMMIT') throw new PassbellError('internal', {});
      return result;
    } catch (error) {
      // On a broken connection this fails too, and the server rolls back by itself.
      await connection.query('ROLLBACK').catch(() => {});
      throw error;
    } finally {
      connection.release();
    }
  }

  async function letOthersGo(): Promise<void> {
    const { query, release } = await take();
    await query(AFTER_YOU).finally(release);
  }

  return {
    get doubts() {
      return doubts;
    },
    take,
    async commit(work) {
      for (let undone = 1; ; undone += 1) {
        try {
          return await transaction(work);
        } catch (error) {
          if (undone === MAX_UNDONE || !isUndone(error)) throw error;
          await letOthersGo();
        }
      }
    },
    close: () => pool.end(),
  };
}
