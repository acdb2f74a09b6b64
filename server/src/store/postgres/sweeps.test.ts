import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { need } from '../../../../e2e/peers/need.ts';
import { type PostgresPeer, startPostgres } from '../../../../e2e/peers/postgres.ts';
import { FAILURE_WINDOW_MS } from '../../rules/failures.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { defaultAccount, NOW, newId, request, startOf } from '../contract/samples.ts';
import { check, wordsOf } from '../contract/verify-samples.ts';
import type { Database } from '../schema.ts';
import type { Store } from '../store.ts';
import { callbackList } from '../tables/callback-list.ts';
import { replayStore } from '../tables/replays.ts';
import { type Connections, connectionsTo } from './connections.ts';
import { postgresKysely } from './kysely.ts';
import { openPostgres } from './store.ts';

const DAY = 86_400_000;
const LATER = NOW + 31 * DAY;

/** A sweep finds a row that is old, and waits for whoever holds it: what they make of it counts. */
describe.runIf(need('postgresql'))('a sweep that waits for a row', () => {
  let server: PostgresPeer;
  let connections: Connections;
  let store: Store;
  let db: Database;
  let accountId: string;
  beforeAll(async () => {
    server = await startPostgres();
    store = await openPostgres({ databaseUrl: server.url, clock: new ManualClock() });
    connections = connectionsTo(server.url, { size: 3 });
    db = postgresKysely(connections);
    const account = defaultAccount();
    accountId = account.id;
    await store.accounts.create(account);
    await store.credits.grant({ accountId, id: newId(), pool: 'sms', amount: 10, note: null, at: NOW });
  }, 60_000);
  afterAll(async () => {
    await connections?.close();
    await store?.close();
    await server?.stop();
  }, 60_000);

  /** Resolves once a statement that begins like this waits for a lock. */
  async function waits(statement: string): Promise<void> {
    for (;;) {
      const { rows } = await sql`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'
        AND lower(query) LIKE ${`${statement}%`}`.execute(db);
      if (rows.length > 0) return;
    }
  }

  /** Renews a row in a transaction that ends while the sweep waits for it; returns how many rows were swept. */
  async function sweptWhile(
    renew: (tx: Database) => Promise<unknown>,
    sweep: () => Promise<number>,
    statement: string,
  ): Promise<number> {
    let sweeping: Promise<number> | undefined;
    await db.transaction().execute(async (tx) => {
      await renew(tx);
      sweeping = sweep();
      await waits(statement);
    });
    return (await sweeping) ?? 0;
  }

  it('spares a key that was taken anew', async () => {
    const old = { accountId, key: 'live:k', bodyDigest: 'b', answerSealed: null, keepUntil: LATER };
    await store.replays.begin(old, NOW);
    const anew = { ...old, bodyDigest: 'other', keepUntil: LATER + DAY };
    const swept = await sweptWhile(
      async (tx) => expect(await replayStore(tx).begin(anew, LATER)).toBeNull(),
      () => store.replays.sweep(LATER, 100),
      'delete from "idempotency"',
    );
    expect(swept).toBe(0);
    expect(await store.replays.begin(old, LATER)).toEqual(anew);
  });

  it('spares a callback that is to be replayed', async () => {
    const due = {
      accountId,
      id: `${newId()}.sent`,
      subjectId: newId(),
      event: 'message.sent',
      createdAt: NOW,
    } as const;
    await store.callbacks.add(due, 'own');
    await store.nodes.beat('me', DAY);
    await store.callbacks.claim('me', NOW, 10);
    const result = { ...due, node: 'me', receiver: 'own', attempts: 1, status: 200 };
    await store.callbacks.settle([{ ...result, next: { kind: 'delivered' } }], NOW);
    const swept = await sweptWhile(
      async (tx) => expect(await callbackList(tx).replay(accountId, due.id, LATER)).toBe(true),
      () => store.callbacks.sweep(LATER, 100),
      'delete from "callbacks"',
    );
    expect(swept).toBe(0);
    expect(await store.callbacks.claim('me', LATER, 10)).toMatchObject([{ id: due.id }]);
  });

  it('spares failed checks that are counted anew', async () => {
    const row = { account_id: accountId, subject: 'live:n:counted' };
    await db
      .insertInto('failures')
      .values({ ...row, times: '[1]', expires_at: LATER })
      .execute();
    const swept = await sweptWhile(
      (tx) =>
        tx
          .updateTable('failures')
          .set({ times: '[2]', expires_at: LATER + DAY })
          .where('subject', '=', row.subject)
          .execute(),
      () => store.sweep(LATER, 100),
      'delete from "failures"',
    );
    expect(swept).toBe(0);
    const left = db.selectFrom('failures').select('times').where('subject', '=', row.subject);
    expect(await left.execute()).toEqual([{ times: '[2]' }]);
  });

  it('spares a receipt that came again', async () => {
    const row = { carrier: 'c', message_id: 'again', state: 'delivered', code: '000', at: NOW } as const;
    await db
      .insertInto('parked_receipts')
      .values({ ...row, received_at: NOW })
      .execute();
    const swept = await sweptWhile(
      (tx) =>
        tx
          .updateTable('parked_receipts')
          .set({ received_at: LATER })
          .where('message_id', '=', row.message_id)
          .execute(),
      () => store.sweep(LATER, 100),
      'delete from "parked_receipts"',
    );
    expect(swept).toBe(0);
    const left = db.selectFrom('parked_receipts').select('received_at').where('message_id', '=', row.message_id);
    expect(await left.execute()).toEqual([{ received_at: LATER }]);
  });

  it('takes no failed check from a batch that has found its row and not locked it yet', async () => {
    const subjects = ['live:a:swept', 'live:n:awaited'] as const;
    const one = request(accountId, { dialect: 'native', expiresAt: LATER + DAY, verification: startOf() });
    await store.accept([one], 'me', NOW);
    const [swept, awaited] = subjects.map((subject) => ({
      account_id: accountId,
      subject,
      times: '[]',
      expires_at: NOW,
    }));
    if (swept === undefined || awaited === undefined) throw new Error('no subjects');
    await db.insertInto('failures').values(swept).execute();
    let checking: ReturnType<Store['verify']> | undefined;
    const other = db.transaction().execute(async (tx) => {
      await tx.insertInto('failures').values(awaited).execute();
      const failures = subjects.map((subject) => ({ subject, most: 20 }));
      checking = store.verify([check(one, false, failures)], 'me', LATER);
      await waits('insert into failures');
      expect(await store.sweep(LATER, 100)).toBe(1);
      throw new Error('undone');
    });
    await expect(other).rejects.toThrow('undone');
    expect(wordsOf((await checking) ?? [])).toEqual(['wrong 4']);
    const left = await db
      .selectFrom('failures')
      .select(['subject', 'times', 'expires_at'])
      .where('subject', 'in', subjects)
      .orderBy('subject')
      .execute();
    const counted = { times: JSON.stringify([LATER]), expires_at: LATER + FAILURE_WINDOW_MS };
    expect(left).toEqual(subjects.map((subject) => ({ subject, ...counted })));
  });
});
