import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { need } from '../../e2e/peers/need.ts';
import { type PostgresPeer, startPostgres } from '../../e2e/peers/postgres.ts';
import {
  acceptedOf,
  defaultAccount,
  NOW,
  newId,
  outcome,
  receipt,
  request,
} from '../../server/src/store/contract/samples.ts';
import { openPostgres } from '../../server/src/store/postgres/store.ts';
import { openSqlite } from '../../server/src/store/sqlite/store.ts';
import type { Store } from '../../server/src/store/store.ts';
import { ManualClock } from '../../server/src/values/manual-clock.ts';
import { seedPostgres } from './postgres.ts';
import { seedSqlite } from './sqlite.ts';

const ROWS = 500;
const clock = new ManualClock();

function holdsTheCopies(open: () => Promise<Store>, seed: () => void | Promise<void>): void {
  it('holds the copies as if the service had made them, and goes on from there', async () => {
    const before = await open();
    const account = defaultAccount();
    await before.accounts.create(account);
    await before.credits.grant({
      accountId: account.id,
      id: newId(),
      pool: 'sms',
      amount: 10_000,
      note: null,
      at: NOW,
    });
    const sent = request(account.id, { credits: 2 });
    await before.accept([sent], 'me', NOW);
    await before.settle([outcome(sent, 'me', ['1000000001'])], [receipt('1000000001')], null, NOW);
    await before.close();

    await seed();

    const store = await open();
    const rows = await store.otps.page(account.id, {}, ROWS + 10, 0);
    expect(rows).toHaveLength(ROWS + 1);
    expect(await store.otps.count(account.id, {})).toBe(ROWS + 1);
    expect(await store.otps.count(account.id, { dialect: 'tingting' })).toBe(ROWS + 1);
    expect(new Set(rows.map(({ numberDigest }) => numberDigest)).size).toBe(ROWS + 1);
    const copies = rows.filter(({ id }) => id !== sent.otpId);
    expect(copies.map(({ delivery }) => delivery.state)).toEqual(copies.map(() => 'delivered'));
    expect(copies.map(({ contentSealed }) => contentSealed)).toEqual(copies.map(() => null));
    expect(Math.max(...copies.map(({ keepContentUntil }) => keepContentUntil))).toBeLessThan(NOW);
    expect(await store.otps.attempts(account.id, copies[0]?.delivery.id ?? '')).toHaveLength(1);

    const { openHolds, ...sums } = (await store.credits.sums(account.id)).sms;
    expect(openHolds).toBe(0);
    expect(sums).toEqual({ granted: 10_000, held: 0, captured: 2 * (ROWS + 1) });
    expect((await store.credits.balances(account.id)).sms).toEqual(sums);

    const [verdict] = acceptedOf(await store.accept([request(account.id)], 'me', NOW));
    expect(verdict?.number).toBe(ROWS + 2);
    expect(await store.otps.page(account.id, {}, 1, 0)).toMatchObject([{ number: ROWS + 2 }]);
    await store.close();
  });
}

describe('a seeded embedded store', () => {
  let dataDir = '';
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'passbell-seed-'));
  });
  afterAll(() => rm(dataDir, { recursive: true }));

  holdsTheCopies(
    () => openSqlite({ dataDir, clock, serving: true }),
    () => seedSqlite(join(dataDir, 'passbell.db'), ROWS, NOW),
  );
});

describe.runIf(need('postgresql'))('a seeded PostgreSQL store', () => {
  let server: PostgresPeer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop(), 60_000);

  holdsTheCopies(
    () => openPostgres({ databaseUrl: server.url, clock }),
    () => seedPostgres(server.url, ROWS, NOW),
  );
});
