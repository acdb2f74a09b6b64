import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../values/manual-clock.ts';
import { defaultAccount, NOW, newId, request } from '../contract/samples.ts';
import { openSqlite } from './store.ts';

describe('opening the embedded store', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'passbell-open-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));
  const open = (serving = true) => openSqlite({ dataDir, clock: new ManualClock(), serving });

  it('makes the directory, and finds everything again', async () => {
    const nested = () =>
      openSqlite({ dataDir: join(dataDir, 'made', 'here'), clock: new ManualClock(), serving: true });
    const first = await nested();
    const account = defaultAccount();
    await first.accounts.create(account);
    await first.close();
    const second = await nested();
    expect(await second.accounts.get(account.id)).toEqual(account);
    await second.close();
  });

  it('refuses a second serving process, lets one in that only administers, and forgets the lock with its holder', async () => {
    const serving = await open();
    await expect(open()).rejects.toThrow('Another passbell process serves from this data directory');
    const administering = await open(false);
    const account = defaultAccount();
    await administering.accounts.create(account);
    expect(await serving.accounts.get(account.id)).toEqual(account);
    await administering.close();
    await serving.close();
    await (await open()).close();
  });

  it('lets a new run claim at once what the last one left, however long its lease', async () => {
    const first = await open();
    const account = defaultAccount();
    await first.accounts.create(account);
    await first.nodes.beat('first run', 3_600_000);
    const one = request(account.id, { credits: 0 });
    await first.accept([one], 'first run', NOW);
    await first.close();
    // The command line looks in between: it takes nobody's work away.
    const looking = await open(false);
    expect(await looking.claim(newId(), 10)).toEqual([]);
    await looking.close();
    const second = await open();
    expect((await second.claim('second run', 10)).map(({ deliveryId }) => deliveryId)).toEqual([one.deliveryId]);
    await second.close();
  });

  it('refuses a database that a newer version wrote, and leaves it as it is', async () => {
    await (await open()).close();
    const db = new DatabaseSync(join(dataDir, 'passbell.db'));
    db.exec("INSERT INTO migrations (id, name, applied_at) VALUES (99, 'from the future', 0)");
    db.close();
    await expect(open()).rejects.toThrow('The database is at schema 99, this version of passbell knows');
  });

  it('migrates once when two processes open an empty directory together', async () => {
    const [a, b] = await Promise.all([open(), open(false)]);
    expect(await a?.revision()).toBe(await b?.revision());
    await Promise.all([a?.close(), b?.close()]);
  });

  it('answers unavailable, and does not hang, after it was closed', async () => {
    const store = await open();
    await store.close();
    await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(store.accept([], 'node', NOW)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
