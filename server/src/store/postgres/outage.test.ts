import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { need } from '../../../../e2e/peers/need.ts';
import { type PostgresPeer, startPostgres } from '../../../../e2e/peers/postgres.ts';
import { isError } from '../../errors.ts';
import type { AcceptRequest } from '../../rules/accept.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { acceptedOf, defaultAccount, NOW, newId, outcome, receipt, request, startOf } from '../contract/samples.ts';
import type { Store } from '../store.ts';
import { connectionsTo } from './connections.ts';
import { openPostgres } from './store.ts';

describe.runIf(need('postgresql'))('a PostgreSQL that goes away', () => {
  let server: PostgresPeer;
  let store: Store;
  const open = () => openPostgres({ databaseUrl: server.url, clock: new ManualClock() });

  beforeAll(async () => {
    server = await startPostgres();
    store = await open();
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    await server?.stop();
  }, 60_000);

  async function account(credits: number): Promise<string> {
    const one = defaultAccount();
    await store.accounts.create(one);
    await store.credits.grant({ accountId: one.id, id: newId(), pool: 'sms', amount: credits, note: null, at: NOW });
    return one.id;
  }

  /** Accepts one batch after another until the store cannot be reached; returns what was acknowledged, and what is in doubt. */
  async function acceptUntilItFails(accountId: string, first: () => void) {
    const acknowledged: AcceptRequest[] = [];
    for (;;) {
      const batch = Array.from({ length: 10 }, () => request(accountId));
      try {
        expect(acceptedOf(await store.accept(batch, 'node', NOW))).toHaveLength(10);
      } catch (error) {
        expect(isError(error, 'unavailable')).toBe(true);
        return { acknowledged, doubtful: batch };
      }
      acknowledged.push(...batch);
      if (acknowledged.length === 200) first();
    }
  }

  async function expectNothingLost(accountId: string, lanes: Awaited<ReturnType<typeof acceptUntilItFails>>[]) {
    for (const { acknowledged, doubtful } of lanes) {
      for (const { otpId } of acknowledged) expect(await store.otps.get(accountId, otpId)).not.toBeNull();
      // A batch whose answer never came is there as a whole, or not at all.
      const found = await Promise.all(doubtful.map(({ otpId }) => store.otps.get(accountId, otpId)));
      expect([0, doubtful.length]).toContain(found.filter((otp) => otp !== null).length);
    }
    const { openHolds: _, ...sums } = (await store.credits.sums(accountId)).sms;
    expect((await store.credits.balances(accountId)).sms).toEqual(sums);
  }

  it('keeps what was acknowledged through a crash, says so while it is down, and goes on by itself', async () => {
    for (const crash of [() => server.kill9(), () => server.restart()]) {
      const accountId = await account(1_000_000);
      let crashed: Promise<void> | undefined;
      const lanes = await Promise.all(
        [1, 2].map(() =>
          acceptUntilItFails(accountId, () => {
            crashed ??= crash();
          }),
        ),
      );
      await crashed;
      if (crash.toString().includes('kill9')) {
        await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable', detail: { reason: 'store' } });
        await expect(store.accept([request(accountId)], 'node', NOW)).rejects.toMatchObject({ code: 'unavailable' });
        await expect(store.keys.byDigest('any')).rejects.toMatchObject({ code: 'unavailable' });
        await server.restart();
      }
      await expectNothingLost(accountId, lanes);
      expect(await store.accept([request(accountId)], 'node', NOW)).toMatchObject([{ accepted: true }]);
    }
  }, 60_000);

  it('refuses to open, with a reason, when nobody answers there', async () => {
    const databaseUrl = 'postgres://passbell@127.0.0.1:1/passbell';
    await expect(openPostgres({ databaseUrl, clock: new ManualClock() })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

describe.runIf(need('postgresql'))('several nodes on one PostgreSQL', () => {
  let server: PostgresPeer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop(), 60_000);
  const open = (databaseUrl = server.url) => openPostgres({ databaseUrl, clock: new ManualClock() });

  it('migrate an empty database once when they start together', async () => {
    const databaseUrl = server.createDatabase('together');
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(databaseUrl)));
    for (const store of stores) expect(await store.revision()).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('never let a receipt and its submit miss each other', async () => {
    const [a, b] = [await open(), await open()];
    const one = defaultAccount();
    await a.accounts.create(one);
    await a.credits.grant({ accountId: one.id, id: newId(), pool: 'sms', amount: 1000, note: null, at: NOW });
    const batch = Array.from({ length: 100 }, () => request(one.id));
    await a.accept(batch, 'node', NOW);
    // Each submit races its own receipt on the other node.
    await Promise.all(
      batch.flatMap((sent) => {
        const id = newId();
        return [a.settle([outcome(sent, 'node', [id])], [], null, NOW), b.settle([], [receipt(id)], null, NOW)];
      }),
    );
    expect((await a.otps.page(one.id, {}, 100, 0)).map(({ delivery }) => delivery.state)).toEqual(
      batch.map(() => 'delivered'),
    );
    expect((await a.credits.balances(one.id)).sms).toEqual({ granted: 1000, held: 0, captured: 100 });
    await Promise.all([a.close(), b.close()]);
  });

  it('count a receipt once that two of them get', async () => {
    const [a, b] = [await open(), await open()];
    const one = defaultAccount();
    await a.accounts.create(one);
    await a.credits.grant({ accountId: one.id, id: newId(), pool: 'sms', amount: 1000, note: null, at: NOW });
    const batch = Array.from({ length: 50 }, () => request(one.id));
    await a.accept(batch, 'node', NOW);
    const ids = batch.map(() => [newId(), newId()] as const);
    await a.settle(
      batch.map((sent, i) => outcome(sent, 'node', ids[i] ?? [])),
      [],
      null,
      NOW,
    );
    // One part of two, reported to both nodes: the message is not delivered by half.
    await Promise.all(
      ids.flatMap(([first]) => [a.settle([], [receipt(first)], null, NOW), b.settle([], [receipt(first)], null, NOW)]),
    );
    expect(new Set((await a.otps.page(one.id, {}, 50, 0)).map(({ delivery }) => delivery.state))).toEqual(
      new Set(['submitted']),
    );
    await Promise.all([a.close(), b.close()]);
  });

  it('look for what is due beside a batch that holds some of it, and wait for none', async () => {
    const store = await open();
    const one = defaultAccount();
    await store.accounts.create(one);
    await store.credits.grant({ accountId: one.id, id: newId(), pool: 'sms', amount: 1000, note: null, at: NOW });
    const batch = Array.from({ length: 3 }, () => request(one.id, { verification: startOf({ dueAt: NOW }) }));
    await store.accept(batch, 'node', NOW);
    const others = connectionsTo(server.url, { size: 1 });
    const due = async () => (await store.verifications.due(NOW, 10, 1000)).map(({ id }) => id).sort();
    const [held, ...free] = batch.map(({ otpId }) => otpId);
    await others.commit(async ({ query }) => {
      await query('SELECT 1 FROM verifications WHERE id = $1 FOR NO KEY UPDATE', [held]);
      expect(await due()).toEqual(free.sort());
    });
    expect(await due()).toEqual([held]);
    await others.close();
    await store.close();
  });

  it('do not lock each other out when their batches touch the same accounts in other orders', async () => {
    const [a, b] = [await open(), await open()];
    const accounts = Array.from({ length: 8 }, () => defaultAccount());
    for (const one of accounts) {
      await a.accounts.create(one);
      await a.credits.grant({ accountId: one.id, id: newId(), pool: 'sms', amount: 1000, note: null, at: NOW });
    }
    const rounds = Array.from({ length: 30 }, async (_, i) => {
      const order = i % 2 ? accounts : accounts.toReversed();
      const batch = order.map(({ id }) => request(id));
      const store = i % 3 ? a : b;
      expect(acceptedOf(await store.accept(batch, 'node', NOW))).toHaveLength(8);
      const next = { kind: 'final', state: 'sent', reason: null } as const;
      await (i % 2 ? a : b).settle(
        batch.toReversed().map((one) => outcome(one, 'node', [null], next)),
        [],
        null,
        NOW,
      );
    });
    await Promise.all(rounds);
    for (const { id } of accounts) {
      expect((await a.credits.balances(id)).sms).toEqual({ granted: 1000, held: 0, captured: 30 });
    }
    await Promise.all([a.close(), b.close()]);
  });
});
