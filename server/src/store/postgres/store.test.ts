import { afterAll, beforeAll, describe } from 'vitest';
import { need } from '../../../../e2e/peers/need.ts';
import { type PostgresPeer, startPostgres } from '../../../../e2e/peers/postgres.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { newId } from '../contract/samples.ts';
import { storeContract } from '../contract.ts';
import { connectionsTo } from './connections.ts';
import { postgresKysely } from './kysely.ts';
import { openPostgres } from './store.ts';

describe.runIf(need('postgresql'))('on a server of its own', () => {
  let server: PostgresPeer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop(), 60_000);

  storeContract('postgres', async () => {
    const databaseUrl = server.createDatabase(`d${newId().replaceAll('-', '')}`);
    const open = () => openPostgres({ databaseUrl, clock: new ManualClock() });
    const store = await open();
    const undo: (() => Promise<void>)[] = [() => store.close()];
    return {
      store,
      async peer() {
        const peer = await open();
        undo.push(() => peer.close());
        return peer;
      },
      async database() {
        const connections = connectionsTo(databaseUrl, { size: 10 });
        undo.push(() => connections.close());
        return postgresKysely(connections);
      },
      async close() {
        for (const step of undo) await step();
      },
    };
  });
});
