import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { need } from '../../../../e2e/peers/need.ts';
import { type PostgresPeer, startPostgres } from '../../../../e2e/peers/postgres.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { NOW, newId } from '../contract/samples.ts';
import { type Connections, connectionsTo } from './connections.ts';
import { openPostgres } from './store.ts';

describe.runIf(need('postgresql'))('connections to PostgreSQL', () => {
  let server: PostgresPeer;
  let connections: Connections;
  beforeAll(async () => {
    server = await startPostgres(['deadlock_timeout=20ms']);
    connections = connectionsTo(server.url, { size: 3, pipeline: true });
    const { query, release } = await connections.take();
    await query('CREATE TABLE cells (id integer PRIMARY KEY, n integer NOT NULL)');
    await query('INSERT INTO cells VALUES (1, 0), (2, 0)');
    release();
  }, 60_000);
  afterAll(async () => {
    await connections?.close();
    await server?.stop();
  }, 60_000);

  const ADD = 'UPDATE cells SET n = n + 1 WHERE id = $1';
  async function cells(): Promise<readonly number[]> {
    const { query, release } = await connections.take();
    const { rows } = await query<{ n: number }>('SELECT n FROM cells ORDER BY id');
    release();
    return rows.map(({ n }) => n);
  }

  it('run a transaction again that was undone because it and another waited for each other', async () => {
    const before = await cells();
    let [met, runs] = [0, 0];
    let meet = () => {};
    const both = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const inOrder = (first: number, second: number) =>
      connections.commit(async (connection, behind) => {
        runs += 1;
        await connection.query(ADD, [first]);
        met += 1;
        if (met === 2) meet();
        await both;
        behind(connection.query(ADD, [second]));
      });
    await Promise.all([inOrder(1, 2), inOrder(2, 1)]);
    expect(runs).toBe(3);
    expect(await cells()).toEqual(before.map((n) => n + 2));
  });

  it('say so when it is undone each time', async () => {
    let runs = 0;
    const undone = connections.commit(async ({ query }) => {
      runs += 1;
      await query('DO $$ BEGIN RAISE serialization_failure; END $$');
    });
    await expect(undone).rejects.toMatchObject({ code: 'unavailable' });
    expect(runs).toBe(3);
  });

  it('run none again that failed for another reason', async () => {
    let runs = 0;
    const refused = connections.commit(async ({ query }) => {
      runs += 1;
      await query('INSERT INTO cells VALUES (1, 0)');
    });
    await expect(refused).rejects.toMatchObject({ code: 'internal' });
    expect(runs).toBe(1);
  });

  it('count what was never answered, and not what was refused', async () => {
    const road = await lossyRoad(server.url);
    const cut = connectionsTo(road.url, { size: 2, pipeline: true });
    const ask = (statement: string) => cut.commit((connection) => connection.query(statement));
    await ask('SELECT 1');
    await expect(ask('SELECT 1 / 0')).rejects.toMatchObject({ code: 'internal' });
    await expect(ask('DO $$ BEGIN RAISE deadlock_detected; END $$')).rejects.toMatchObject({ code: 'unavailable' });
    expect(cut.doubts).toBe(0);
    road.loseNextCommit();
    await expect(ask(ADD.replace('$1', '1'))).rejects.toMatchObject({ code: 'unavailable' });
    const { doubts } = cut;
    expect(doubts).toBeGreaterThan(0);
    await ask('SELECT 1');
    expect(cut.doubts).toBe(doubts);
    await cut.close();
    await road.close();
    // Nobody was asked.
    const nowhere = connectionsTo(road.url, { size: 1 });
    await expect(nowhere.take()).rejects.toMatchObject({ code: 'unavailable' });
    expect(nowhere.doubts).toBe(0);
    await nowhere.close();
  });

  it('are counted together, whatever a store uses them for', async () => {
    const road = await lossyRoad(server.createDatabase('doubtful'));
    const store = await openPostgres({ databaseUrl: road.url, clock: new ManualClock() });
    expect(store.doubts).toBe(0);
    road.loseNextCommit();
    await expect(store.nodes.beat('me', 1000)).rejects.toMatchObject({ code: 'unavailable' });
    const { doubts } = store;
    expect(doubts).toBeGreaterThan(0);
    road.loseNextCommit();
    const words = { accountId: newId(), name: 'a', texts: {}, spoken: {}, updatedAt: NOW };
    await expect(store.templates.put(words, 0)).rejects.toMatchObject({ code: 'unavailable' });
    expect(store.doubts).toBeGreaterThan(doubts);
    await store.close();
    await road.close();
  });
});

/** A road to a server on which the answer to one COMMIT can be lost. */
async function lossyRoad(databaseUrl: string) {
  const target = new URL(databaseUrl);
  let isArmed = false;
  const road = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isCut = false;
    client.on('data', (asked) => {
      isCut ||= isArmed && asked.includes('COMMIT');
      if (isCut) isArmed = false;
      upstream.write(asked);
    });
    upstream.on('data', (answer) => {
      if (isCut) client.destroy();
      else client.write(answer);
    });
    for (const [one, other] of [[client, upstream] as const, [upstream, client] as const]) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  });
  await once(road.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(databaseUrl);
  url.port = String((road.address() as AddressInfo).port);
  return {
    url: url.href,
    loseNextCommit() {
      isArmed = true;
    },
    async close() {
      road.close();
      await once(road, 'close');
    },
  };
}
