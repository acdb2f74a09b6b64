import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { CheckService } from '../checks/check-service.ts';
import { numberOf } from '../checks/codes.ts';
import { onCore } from '../checks/cores.ts';
import type { Target } from '../load/target.ts';
import { seedBetterAuth } from '../seed/better-auth.ts';
import { freePorts } from './ports.ts';
import { postgresRow, postgresServer } from './postgres-server.ts';

const SERVER = new URL('better-auth-server.ts', import.meta.url).pathname;

/** A right code's row is gone, and its user's number is verified; a wrong one's row has the number of failed attempts behind the code. */
const COUNTED = `SELECT (SELECT count(*) FROM "user" WHERE "phoneNumberVerified") AS approved,
  (SELECT coalesce(sum(split_part(value, ':', 2)::int), 0) FROM verification) AS failures`;

/**
 * better-auth's phone-number plugin on a PostgreSQL server like Passbell's, at its best: production mode, no log, no limit of requests, and
 * checks that make no session.
 */
export const betterAuth: CheckService = {
  name: 'better-auth',
  async start({ processes, codes, core }) {
    await using undo = new AsyncDisposableStack();
    const { url, pid, stop } = await postgresServer();
    undo.defer(stop);
    const [port = 0] = await freePorts(1);
    const [program = '', ...args] = onCore(core, [process.execPath, SERVER, `${port}`, url]);
    const started = performance.now();
    const child = processes.spawn(program, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    undo.defer(() => processes.end(child));
    await ready(child);
    const readyMs = performance.now() - started;
    // The tables are its own, made by its own migrations as it started.
    await seedBetterAuth(url, codes, Date.now());

    const ending = undo.move();
    return {
      target: target(port),
      keyOf: numberOf,
      refusesWrong: true,
      ...{ pids: [child.pid ?? 0], databasePids: [pid], readyMs },
      async counted() {
        const { approved, failures } = await postgresRow(url, COUNTED);
        return { approved: Number(approved), failures: Number(failures) };
      },
      [Symbol.asyncDispose]: () => ending.disposeAsync(),
    };
  },
};

async function ready(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('better-auth has no output.');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') return;
  }
  throw new Error('better-auth ended before it was ready.');
}

function target(port: number): Target {
  return {
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/api/auth/phone-number/verify',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phoneNumber: '{key}', code: '{code}', disableSession: true }),
  };
}
