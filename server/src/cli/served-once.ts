import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FirstStart, firstStart } from '../accounts/first-start.ts';
import { argonPasswords } from '../accounts/password.ts';
import { silentLog } from '../observe/log.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../values/clock.ts';
import { idSource } from '../values/id.ts';
import { systemRandom } from '../values/random.ts';
import { loadKeys } from '../vault/key-file.ts';

export interface ServedOnce {
  /** The data folder: its store, open as a server has it, and its key file. */
  readonly data: string;
  readonly store: Store;
  readonly first: FirstStart;
  /** For a shell: lends the open store, where a store of one's own would take longer than all else a test does. */
  readonly openStore: typeof openStore;
  close(): Promise<void>;
}

/** For tests: a data folder on which a server had its first start, and still runs. */
export async function servedOnce(clock: Clock): Promise<ServedOnce> {
  const data = await mkdtemp(join(tmpdir(), 'passbell-cli-'));
  const random = systemRandom();
  await loadKeys({ env: undefined, path: join(data, 'keys.json'), create: true }, random, silentLog);
  const store = await openStore({ dataDir: data, databaseUrl: null, clock, serving: true });
  const passwords = argonPasswords(random, { memory: 8, passes: 1, parallelism: 1 });
  const first = await firstStart({ store, clock, random, ids: idSource(clock, random), passwords });
  if (first === null) throw new Error('a fresh folder has no account');
  return {
    data,
    store,
    first,
    openStore: async () => ({ ...store, close: async () => {} }),
    async close() {
      await store.close();
      await rm(data, { recursive: true });
    },
  };
}
