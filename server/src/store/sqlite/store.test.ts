import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../values/manual-clock.ts';
import type { Rig } from '../contract/rig.ts';
import { storeContract } from '../contract.ts';
import type { Store } from '../store.ts';
import { openSqlite } from './store.ts';

async function open(): Promise<Rig> {
  const dataDir = await mkdtemp(join(tmpdir(), 'passbell-store-'));
  const clock = new ManualClock();
  const store = await openSqlite({ dataDir, clock, serving: true });
  const peers: Store[] = [];
  return {
    store,
    async peer() {
      const peer = await openSqlite({ dataDir, clock, serving: false });
      peers.push(peer);
      return peer;
    },
    async close() {
      for (const peer of peers) await peer.close();
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

storeContract('sqlite', open);
