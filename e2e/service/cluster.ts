import { type PostgresPeer, startPostgres } from '../peers/postgres.ts';
import { type Service, startService, temporaryFolder } from './service.ts';

/** Several services on one PostgreSQL of their own, with one key file. */
export interface Cluster {
  readonly nodes: readonly Service[];
  readonly postgres: PostgresPeer;
  stop(): Promise<void>;
}

/** Starts `count` nodes. The first makes the keys and the account; the ready line of `nodes[0]` has its secrets. */
export async function startCluster(count: number): Promise<Cluster> {
  const postgres = await startPostgres();
  const options = { data: temporaryFolder(), databaseUrl: postgres.url };
  const nodes = [await startService(options)];
  while (nodes.length < count) nodes.push(await startService(options));
  return {
    nodes,
    postgres,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
      await postgres.stop();
    },
  };
}
