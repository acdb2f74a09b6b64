import pg from 'pg';
import { PassbellError } from '../../errors.ts';
import { breaksConnection, storeError } from './errors.ts';

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

export interface Connections {
  take(): Promise<Connection>;
  /**
   * Runs `work` in one transaction. When COMMIT was sent and no answer came, nobody knows whether it happened: that rejects with
   * `unavailable` as everything else does.
   */
  commit<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The server ends what takes longer; a node that stops in the middle of a transaction must not keep others from its rows. */
const STATEMENT_MS = 10_000;
/** The client's own end, for a server that does not answer at all. */
const ANSWER_MS = 12_000;
const CONNECT_MS = 5_000;

const INT8 = 20;

/** A pool of connections to one server, which may go away and come back: broken ones are replaced. */
export function connectionsTo(url: string, size: number): Connections {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
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
          isBroken ||= breaksConnection(error);
          throw storeError(error);
        }
      },
      release: () => client.release(isBroken),
    };
  }

  return {
    take,
    async commit(work) {
      const connection = await take();
      try {
        await connection.query('BEGIN');
        const result = await work(connection);
        const { command } = await connection.query('COMMIT');
        // A transaction in which a statement failed is rolled back by its COMMIT, without an error.
        if (command !== 'COMMIT') throw new PassbellError('internal', {});
        return result;
      } catch (error) {
        // On a broken connection this fails too, and the server rolls back by itself.
        await connection.query('ROLLBACK').catch(() => {});
        throw error;
      } finally {
        connection.release();
      }
    },
    close: () => pool.end(),
  };
}
