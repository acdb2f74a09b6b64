import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../store/open.ts';
import { revisionWatch } from '../store/revision-watch.ts';
import type { Store } from '../store/store.ts';
import { idSource } from '../values/id.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { systemRandom } from '../values/random.ts';
import { drawKeys } from '../vault/keys.ts';
import { openVault } from '../vault/open-vault.ts';
import { accountDesk } from './account-desk.ts';
import { auditLog } from './audit-log.ts';
import { cachedDirectory } from './cached-directory.ts';
import { drawKey, keyRow } from './key.ts';
import { type NewAccount, openAccount } from './open-account.ts';
import { argonPasswords } from './password.ts';
import { userSessions } from './user-sessions.ts';

/** An embedded store of its own, with directory and sessions over it, for tests. Time stands still until it is moved. */
export async function openRig() {
  const dataDir = await mkdtemp(join(tmpdir(), 'passbell-'));
  const clock = new ManualClock();
  const random = systemRandom();
  const ids = idSource(clock, random);
  const opened: Store[] = [];
  const open = async (serving: boolean): Promise<Store> => {
    const store = await openStore({ dataDir, databaseUrl: null, clock, serving });
    opened.push(store);
    return store;
  };
  const store = await open(true);
  // The cost is the production code's business; here it would only be waiting.
  const passwords = argonPasswords(random, { memory: 8, passes: 1, parallelism: 1 });

  let polled: Promise<number> = Promise.resolve(0);
  const revisions = revisionWatch(
    {
      revision() {
        polled = store.revision();
        return polled;
      },
    },
    clock,
  );
  await revisions.start();
  const directory = cachedDirectory({ store, revisions, clock });
  let logins = 0;

  return {
    ...{ store, clock, random, ids, passwords, revisions, directory },
    changeAccount: accountDesk(store.accounts, directory.refresh),
    audit: auditLog({ store, clock, ids }),
    vault: openVault(drawKeys(random.bytes), random),
    sessions: userSessions({ store, clock, random, ids, passwords }),
    /** The store's file. */
    file: join(dataDir, 'passbell.db'),
    /** Another process over the same file, as the command line is. */
    secondStore: () => open(false),
    /** Moves time by one poll of the revision and waits for its answer. */
    async poll(): Promise<void> {
      clock.advance(300);
      await polled;
      await Promise.resolve();
    },
    account(over: Partial<NewAccount> = {}) {
      const login = `user${++logins}@example.com`;
      const plain = { name: 'Acme', country: 'NP', timezone: 'Asia/Kathmandu', smsCredits: 100, voiceCredits: 50 };
      return openAccount({ store, clock, random, ids, passwords }, { login, ...plain, ...over });
    },
    async adminToken(): Promise<string> {
      const token = drawKey('admin', random);
      const about = { id: ids(), accountId: null, kind: 'admin_token', mode: 'live', name: 'test' } as const;
      await store.keys.create(keyRow(token, { ...about, createdAt: clock.now() }));
      return token.reveal();
    },
    async close(): Promise<void> {
      revisions.stop();
      await directory.close();
      for (const each of opened) await each.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

export type Rig = Awaited<ReturnType<typeof openRig>>;
