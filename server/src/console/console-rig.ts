import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Fastify from 'fastify';
import type { Sessions } from '../accounts/sessions.ts';
import { memoryHandsetCallStore } from '../handset/calls/memory-handset-call-store.ts';
import { openHandsetCalls } from '../handset/calls/sandbox-calls.ts';
import { glassVault } from '../handset/glass-vault.ts';
import { memoryHandsetStore } from '../handset/memory-handset-store.ts';
import { openHandset } from '../handset/sandbox-handset.ts';
import { silentLog } from '../observe/log.ts';
import { idSource } from '../values/id.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { systemRandom } from '../values/random.ts';
import { consoleApi } from './routes.ts';

type Deps = Parameters<typeof consoleApi>[0];

/** What a browser says of requests by the console's own pages. */
export const OWN = { 'sec-fetch-site': 'same-origin' };
/** What a browser that has signed in says. */
export const SIGNED_IN = { cookie: 'passbell_console=token-1' };

/** The console's server side, for tests: served without a port, over stores in memory, with one user who may sign in. */
export async function servedConsole({ publicUrl = 'http://127.0.0.1:8080', role = 'operator', built = true } = {}) {
  const undo: (() => unknown)[] = [];
  const clock = new ManualClock();
  const random = systemRandom();
  const handset = openHandset({
    store: memoryHandsetStore(),
    vault: glassVault,
    clock,
    ids: idSource(clock, random),
    log: silentLog,
  });
  const handsetCalls = openHandsetCalls({
    store: memoryHandsetCallStore(),
    vault: glassVault,
    clock,
    ids: idSource(clock, random),
    log: silentLog,
    alone: true,
  });
  undo.push(() => handsetCalls.close());
  const signedOut: string[] = [];
  const sessions = {
    async signIn(email: string, password: string) {
      if (email !== 'op@example.com' || password !== 'right') return null;
      const accessExpiresAt = clock.now() + 86_400_000;
      return { access: 'token-1', refresh: 'token-2', accessExpiresAt, refreshExpiresAt: accessExpiresAt };
    },
    async caller(token: string) {
      if (token !== 'token-1' || signedOut.includes(token)) return null;
      return { account: { id: 'account-1', name: 'Acme', country: 'NP', mode: 'test' }, role };
    },
    async signOut(token: string) {
      signedOut.push(token);
    },
  } as unknown as Sessions;
  const deps = {
    ...{ clock, random, handset, handsetCalls, sessions, publicUrl, log: silentLog, isReady: () => true },
    store: { kind: 'sqlite' },
    delivery: { node: 'node-1', load: { queued: 3 } },
    carriers: {
      status: () => [{ name: 'handset', mode: 'test', priority: 0, status: handset.carrier.status() }],
    },
    trunks: {
      status: () => [{ name: 'handset', mode: 'test', priority: 0, status: handsetCalls.engine.status() }],
    },
  } as unknown as Deps;

  const dir = mkdtempSync(join(tmpdir(), 'passbell-console-'));
  undo.push(() => rmSync(dir, { recursive: true }));
  if (built) {
    mkdirSync(join(dir, 'assets'));
    writeFileSync(join(dir, 'index.html'), '<meta name="csp-nonce" content="__NONCE__">');
    writeFileSync(join(dir, 'assets', 'index-1a2b.js'), 'export {};');
    writeFileSync(join(dir, 'secret.txt'), 'not an asset');
  }
  const app = Fastify();
  await app.register(consoleApi(deps, pathToFileURL(`${dir}/`)));
  undo.push(() => app.close());

  return {
    ...{ app, clock, handset, handsetCalls },
    post: (path: string, payload?: object, headers: Record<string, string> = OWN) =>
      app.inject({ method: 'POST', url: `/console/api/${path}`, headers, ...(payload && { payload }) }),
    get: (path: string, headers: Record<string, string> = SIGNED_IN) =>
      app.inject({ url: `/console/api/${path}`, headers }),
    async close(): Promise<void> {
      for (const step of undo.reverse()) await step();
    },
  };
}
