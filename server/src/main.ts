import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { accountDesk } from './accounts/account-desk.ts';
import { cachedDirectory } from './accounts/cached-directory.ts';
import { type FirstStart, firstStart } from './accounts/first-start.ts';
import { userSessions } from './accounts/user-sessions.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { delivery as openDelivery } from './delivery/delivery.ts';
import { housekeeping } from './delivery/housekeeping.ts';
import { openCarrier } from './delivery/open-carrier.ts';
import { uplinks as openUplinks } from './delivery/uplinks.ts';
import { openHandset } from './handset/sandbox-handset.ts';
import type { Log } from './observe/log.ts';
import { otpSender } from './otp/send.ts';
import { openStore } from './store/open.ts';
import { revisionWatch } from './store/revision-watch.ts';
import type { Clock } from './values/clock.ts';
import { idSource } from './values/id.ts';
import type { Random } from './values/random.ts';
import { loadKeys } from './vault/key-file.ts';
import { openVault } from './vault/open-vault.ts';
import { proveKeys } from './vault/prove-keys.ts';

/** The outside, as this process sees it. */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly env: NodeJS.ProcessEnv;
}

/** A service that listens. */
export interface Running {
  readonly url: string;
  readonly store: 'sqlite' | 'postgres';
  /** The secrets made by the very first start; null at every later one. */
  readonly first: FirstStart | null;
  /** Takes no more, finishes what was accepted, gives everything back in reverse. Calling it twice waits for the first. */
  stop(): Promise<void>;
}

/**
 * The composition root: config → store → carriers → app → listen. Everything opened registers its undo at once, so a start that
 * fails half way leaves nothing behind, and a stop walks back.
 */
export async function start(config: Config, world: World): Promise<Running> {
  const { clock, random, log, env } = world;
  await using undo = new AsyncDisposableStack();
  const ids = idSource(clock, random);
  const store = await openStore({ dataDir: config.data, databaseUrl: config.databaseUrl, clock, serving: true });
  undo.defer(() => store.close());
  const create = (await store.keyProof.get()) === null;
  const keys = await loadKeys({ path: config.keyFile, env: env['PASSBELL_KEYS'], create }, random, log);
  const vault = openVault(keys, random);
  await proveKeys(vault, store.keyProof.first, env['PASSBELL_KEYS'] ? 'PASSBELL_KEYS' : config.keyFile);
  const first = await firstStart({ store, clock, random, ids });

  const revisions = revisionWatch(store, clock);
  const directory = cachedDirectory({ store, clock, revisions });
  undo.defer(() => directory.close());
  await revisions.start();
  undo.defer(() => revisions.stop());
  const changeAccount = accountDesk(store.accounts, directory.refresh);
  const sessions = userSessions({ store, clock, random, ids });

  const handset = openHandset({ store, vault, clock, ids, log });
  undo.defer(() => handset.close());
  const open = openCarrier({ vault, clock, random, log });
  const uplinks = openUplinks({ carriers: store.carriers, sandbox: handset.carrier, open, log });
  const delivery = openDelivery({ store, vault, uplinks, clock, random, ids, log });
  await uplinks.refresh();
  revisions.onChange(() => {
    uplinks.refresh().catch((error) => log.error('carriers_not_read', {}, error));
  });
  const chores = housekeeping({ store, clock, log });
  chores.start();
  undo.defer(() => chores.stop());

  let ready = true;
  let publicUrl = config.publicUrl ?? `http://${config.listen.host}:${config.listen.port}`;
  const sendOtp = otpSender({ delivery, uplinks, vault, clock, random, ids });
  const app = createApp({
    ...{
      store,
      vault,
      directory,
      changeAccount,
      sessions,
      sendOtp,
      handset,
      delivery,
      uplinks,
      clock,
      random,
      ids,
      log,
    },
    get publicUrl() {
      return publicUrl;
    },
    trustedProxies: config.trustedProxies,
    isReady: () => ready,
  });
  undo.defer(() => app.close());
  await delivery.start();
  // Before the HTTP side closes: until then callers are told 503, and those already let in get their answers.
  undo.defer(() => delivery.drain(config.drainMs));
  await app.listen({ ...config.listen, backlog: 4096 });
  publicUrl = config.publicUrl ?? addressOf(app, config.listen.host);

  const opened = undo.move();
  let stopping: Promise<void> | undefined;
  return {
    url: publicUrl,
    store: store.kind,
    first,
    stop() {
      ready = false;
      stopping ??= opened.disposeAsync();
      return stopping;
    },
  };
}

/** Where a browser on this machine finds the service. */
function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
