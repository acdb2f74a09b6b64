import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../values/clock.ts';
import type { Store } from '../store.ts';
import { sweepTables } from '../sweep.ts';
import { callbackReads } from '../tables/callbacks.ts';
import { erasureStore } from '../tables/erasure.ts';
import { lastingTables } from '../tables/lasting-tables.ts';
import { verificationStore } from '../tables/verification-store.ts';
import { leastBusy, startThread } from './engine-thread.ts';
import { sqliteKysely } from './kysely.ts';
import { Lane } from './lane.ts';
import { limitForgetter } from './limit-log.ts';
import { holdServingLock } from './serving-lock.ts';
import { takeDue } from './take-due.ts';

export interface SqliteOptions {
  /** Made if it is missing; holds `passbell.db` and its companions. */
  readonly dataDir: string;
  readonly clock: Clock;
  /**
   * This process accepts and sends: it must be the only one, and every delivery left by an earlier run can be claimed at once.
   * False for the command line, which may open the same directory while another process serves.
   */
  readonly serving: boolean;
}

/** So that a slow list does not keep a key from being looked up. */
const READERS = 2;

/** The embedded store: SQLite in threads of its own, one that writes and some that read. Rejects when another process serves. */
export async function openSqlite({ dataDir, clock, serving }: SqliteOptions): Promise<Store> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const undo: (() => unknown)[] = [];
  async function close(): Promise<void> {
    for (const step of undo.splice(0).reverse()) await step();
  }

  try {
    if (serving) undo.push(holdServingLock(join(dataDir, 'serving.lock')));
    const data = { file: join(dataDir, 'passbell.db'), now: clock.now(), serving };
    const writer = await startThread({ ...data, role: 'writer' });
    undo.push(() => writer.close());
    const readers = await Promise.all(Array.from({ length: READERS }, () => startThread({ ...data, role: 'reader' })));
    undo.push(() => Promise.all(readers.map((reader) => reader.close())));
    const lane = new Lane(writer);
    const db = sqliteKysely(lane, readers);

    return {
      kind: 'sqlite',
      // Its threads end with this process, and answer until then.
      doubts: 0,
      accept: (batch, node, now) => lane.call('accept', batch, node, now),
      settle: (outcomes, receipts, node, now) => lane.call('settle', outcomes, receipts, node, now),
      verify: (batch, node, now) => lane.call('verify', batch, node, now),
      claim: (node, limit) => lane.call('claim', node, clock.now(), limit),
      closeOverdue: (now, limit) => lane.call('closeOverdue', now, limit),
      async sweep(now, limit) {
        return (await lane.call('sweepLimits', now, limit)) + (await sweepTables(db, now, limit));
      },
      ...lastingTables(db, {
        beat: (node, ttlMs) => lane.call('beat', node, clock.now(), ttlMs),
        leave: (node) => lane.call('leave', node),
      }),
      erasure: erasureStore(db, limitForgetter(db)),
      callbacks: {
        claim: (node, now, limit) => lane.call('claimCallbacks', node, now, limit),
        spread: (spreads) => lane.call('spreadCallbacks', spreads),
        settle: (results, now) => lane.call('settleCallbacks', results, now),
        ...callbackReads(db),
      },
      verifications: {
        find: (queries, now) => (leastBusy(readers) ?? lane).call('findVerifications', queries, now),
        ...verificationStore(db, takeDue(db)),
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
