import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { need } from '../peers/need.ts';
import { type PostgresPeer, startPostgres } from '../peers/postgres.ts';
import { openAccount, type TestAccount } from '../service/api.ts';
import { type Service, type ServiceOptions, startService, temporaryFolder } from '../service/service.ts';

/** Running processes over one store. */
export interface Deployment {
  readonly kind: 'sqlite' | 'postgres';
  /** Where the store is: SQLite's file, PostgreSQL's URL. */
  readonly database: string;
  readonly data: string;
  readonly admin: string;
  /** The processes as they are now. */
  readonly nodes: readonly Service[];
  /** Where to send the `i`th of many requests: the processes take turns. */
  url(i?: number): string;
  /** A new account without limits. */
  account(voiceCredits?: number): Promise<TestAccount>;
  /** Runs SQL behind the service's back: to move time, and to do what a thief of the database could. */
  sql(statement: string): Promise<Record<string, unknown>[]>;
  /** kill -9 of one process. */
  kill9(i: number): Promise<void>;
  /** A process in the place of one that was killed. */
  revive(i: number): Promise<void>;
  stop(): Promise<void>;
}

/** Proves something on the embedded store, and with several processes on PostgreSQL. */
export function onEachStore(processes: number, prove: (deployment: () => Deployment) => void): void {
  function prepared(open: () => Promise<Deployment>): void {
    let deployment: Deployment;
    beforeAll(async () => {
      deployment = await open();
    });
    afterAll(() => deployment?.stop());
    prove(() => deployment);
  }
  describe('on the embedded store', () => prepared(onSqlite));
  describe.runIf(need('postgresql'))(`on ${processes} nodes of one PostgreSQL`, () =>
    prepared(() => onPostgres(processes)),
  );
}

async function onSqlite(): Promise<Deployment> {
  const data = temporaryFolder();
  const database = join(data, 'passbell.db');
  return deploy({ data }, 1, {
    kind: 'sqlite',
    database,
    async sql(statement) {
      const connection = new DatabaseSync(database, { timeout: 5_000 });
      try {
        return connection.prepare(statement).all();
      } finally {
        connection.close();
      }
    },
    async stop() {},
  });
}

async function onPostgres(processes: number): Promise<Deployment> {
  const postgres: PostgresPeer = await startPostgres();
  return deploy({ data: temporaryFolder(), databaseUrl: postgres.url }, processes, {
    kind: 'postgres',
    database: postgres.url,
    async sql(statement) {
      const client = new pg.Client(postgres.url);
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(statement)).rows;
      } finally {
        await client.end();
      }
    },
    stop: postgres.stop,
  });
}

async function deploy(
  options: ServiceOptions & { readonly data: string },
  processes: number,
  store: Pick<Deployment, 'kind' | 'database' | 'sql' | 'stop'>,
): Promise<Deployment> {
  const first = await startService(options);
  const more = await Promise.all(Array.from({ length: processes - 1 }, () => startService(options)));
  const nodes = [first, ...more];
  const admin = first.ready.admin_token ?? '';
  const url = (i = 0) => nodes[i % nodes.length]?.url ?? '';
  return {
    ...store,
    data: options.data,
    admin,
    nodes,
    url,
    account: (voiceCredits = 0) => openAccount(url(), admin, { credits: 5_000, voiceCredits }),
    async kill9(i) {
      await nodes[i]?.kill9();
    },
    async revive(i) {
      nodes[i] = await startService(options);
    },
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
      await store.stop();
    },
  };
}
