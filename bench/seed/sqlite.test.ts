import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  acceptedOf,
  defaultAccount,
  NOW,
  newId,
  outcome,
  receipt,
  request,
} from '../../server/src/store/contract/samples.ts';
import { openSqlite } from '../../server/src/store/sqlite/store.ts';
import { ManualClock } from '../../server/src/values/manual-clock.ts';
import { seedSqlite } from './sqlite.ts';

describe('a seeded embedded store', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'passbell-seed-'));
  afterAll(() => rm(dataDir, { recursive: true }));
  const open = () => openSqlite({ dataDir, clock: new ManualClock(), serving: true });
  const ROWS = 500;

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
    await before.settle([outcome(sent, 'me', ['1000000001'])], [receipt('1000000001')], NOW);
    await before.close();

    seedSqlite(join(dataDir, 'passbell.db'), ROWS, NOW);

    const store = await open();
    const rows = await store.otps.page(account.id, {}, ROWS + 10, 0);
    expect(rows).toHaveLength(ROWS + 1);
    expect(new Set(rows.map(({ numberDigest }) => numberDigest)).size).toBe(ROWS + 1);
    const copies = rows.filter(({ id }) => id !== sent.otpId);
    expect(
      copies.every(({ delivery, contentSealed }) => delivery.state === 'delivered' && contentSealed === null),
    ).toBe(true);
    expect(copies.every(({ createdAt, keepContentUntil }) => createdAt < NOW && keepContentUntil < NOW)).toBe(true);
    const [newest] = copies;
    expect(await store.otps.attempts(account.id, newest?.delivery.id ?? '')).toHaveLength(1);

    const { openHolds, ...sums } = (await store.credits.sums(account.id)).sms;
    expect(openHolds).toBe(0);
    expect(sums).toEqual({ granted: 10_000, held: 0, captured: 2 * (ROWS + 1) });
    expect((await store.credits.balances(account.id)).sms).toEqual(sums);

    const [verdict] = acceptedOf(await store.accept([request(account.id)], 'me', NOW));
    expect(verdict?.number).toBe(ROWS + 2);
    await store.close();
  });
});
