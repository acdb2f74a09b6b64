import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../values/manual-clock.ts';
import type { Rig } from '../contract/rig.ts';
import { storeContract } from '../contract.ts';
import { startThread } from './engine-thread.ts';
import { sqliteKysely } from './kysely.ts';
import { Lane } from './lane.ts';
import { openSqlite } from './store.ts';

async function open(): Promise<Rig> {
  const dataDir = await mkdtemp(join(tmpdir(), 'passbell-store-'));
  const clock = new ManualClock();
  const store = await openSqlite({ dataDir, clock, serving: true });
  const undo: (() => Promise<void>)[] = [];
  return {
    store,
    async peer() {
      const peer = await openSqlite({ dataDir, clock, serving: false });
      undo.push(() => peer.close());
      return peer;
    },
    async database() {
      const data = { file: join(dataDir, 'passbell.db'), now: clock.now(), serving: false };
      const writer = await startThread({ ...data, role: 'writer' });
      const reader = await startThread({ ...data, role: 'reader' });
      undo.push(writer.close, reader.close);
      return sqliteKysely(new Lane(writer), [reader]);
    },
    async close() {
      for (const step of undo) await step();
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

storeContract('sqlite', open);
