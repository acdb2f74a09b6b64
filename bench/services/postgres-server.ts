import pg from 'pg';
import { startPostgres } from '../../e2e/peers/postgres.ts';
import { parentOf } from '../measure/process-tree.ts';

export interface PostgresServer {
  readonly url: string;
  /** Of the postmaster: every other process of the server descends from it. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** The PostgreSQL that the whole-system tests run against, with fsync on and nothing tuned. */
export async function postgresServer(): Promise<PostgresServer> {
  const { url, stop } = await startPostgres();
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return { url, stop, pid: await parentOf(rows[0]?.pid ?? 0) };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    await client.end();
  }
}

/** The first row that a query brings, by a connection of its own. */
export async function postgresRow(url: string, query: string): Promise<Readonly<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(query)).rows[0] ?? {};
  } finally {
    await client.end();
  }
}
