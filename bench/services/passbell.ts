import type { ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onCore } from '../checks/cores.ts';
import type { Target } from '../load/target.ts';
import { type Admin, admin, type Tenant } from './passbell-admin.ts';
import type { Place } from './places.ts';
import { freePorts } from './ports.ts';
import type { Running, Service, ServiceName, Setup } from './service.ts';

const PROGRAM = new URL('../../server/src/cli/main.ts', import.meta.url).pathname;
const READY_WITHIN = 30_000;
/** How much of the end of its log is shown when it does not start, characters. */
const LOG_SHOWN = 1_000;

/** Passbell with all that it does for each code: committed to disk before the answer, encrypted, credits held and captured. */
export function passbell(name: ServiceName, findPlace: (dir: string) => Promise<Place>): Service {
  return {
    name,
    async start(setup) {
      await using undo = new AsyncDisposableStack();
      const place = undo.use(await findPlace(setup.dir));
      const [port = 0] = await freePorts(1);

      let server = await startServer(setup, place, port);
      undo.defer(() => setup.processes.end(server.child));
      const tenant = place.tenant ?? (await settle(server, port, place));
      await lead(admin(port, tenant.adminToken), tenant, setup.cargo);

      const ending = undo.move();
      return {
        target: targetFor(setup.cargo, port, tenant),
        pids: [server.child.pid ?? 0],
        databasePids: place.databasePids,
        reportsByHttp: setup.cargo.callbacksTo !== null,
        readyMs: server.readyMs,
        async restart() {
          await setup.processes.end(server.child);
          server = await startServer(setup, place, port);
          return server.readyMs;
        },
        async read(path) {
          const headers = { authorization: `Bearer ${tenant.liveKey}` };
          const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
          if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
          return answer.json();
        },
        [Symbol.asyncDispose]: () => ending.disposeAsync(),
      } satisfies Running;
    },
  };
}

interface Server {
  readonly child: ChildProcess;
  readonly readyMs: number;
  /** Present at the first start on a store: it is shown once. */
  readonly adminToken: string | null;
}

async function startServer(setup: Setup, place: Place, port: number): Promise<Server> {
  const logFile = join(setup.dir, 'passbell.log');
  const log = await open(logFile, 'a');
  const started = performance.now();
  const command = [process.execPath, PROGRAM, 'serve', '--listen', `127.0.0.1:${port}`, '--json', ...place.args];
  const [program = '', ...args] = setup.cargo.kind === 'checks' ? onCore(setup.cargo.core, command) : command;
  const child = setup.processes.spawn(program, args, {
    stdio: ['ignore', 'pipe', log.fd],
    env: { ...process.env, ...place.env, ...environment(setup.cargo) },
  });
  await log.close();
  try {
    const line = await firstLine(child);
    const readyMs = performance.now() - started;
    const ready: { ready?: boolean; admin_token?: string } = JSON.parse(line);
    if (ready.ready !== true) throw new Error(`Passbell is not ready: ${line}`);
    return { child, readyMs, adminToken: ready.admin_token ?? null };
  } catch (error) {
    await setup.processes.end(child);
    const why = error instanceof Error ? error.message : error;
    throw new Error(`${why}\n${(await readFile(logFile, 'utf8')).slice(-LOG_SHOWN)}`);
  }
}

/** Resolves to the ready line; what follows on stdout is read and dropped, so that the server never waits for us. */
async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('Passbell has no output.');
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Passbell was not ready in ${READY_WITHIN} ms.`)), READY_WITHIN);
    timer.unref();
    lines.once('line', resolve);
    lines.once('close', () => reject(new Error('Passbell ended before it was ready:')));
    lines.on('line', () => clearTimeout(timer));
  });
}

async function settle(server: Server, port: number, place: Place): Promise<Tenant> {
  if (!server.adminToken) throw new Error('Passbell showed no admin token at its first start.');
  const tenant = await admin(port, server.adminToken).createTenant();
  place.tenant = tenant;
  return tenant;
}

/** What of the cargo is configured where the process starts. Receivers are on loopback, where none may be without a word. */
function environment(cargo: Setup['cargo']): Readonly<Record<string, string>> {
  const receivers = { PASSBELL_CALLBACK_ALLOW: '127.0.0.0/8' };
  if (cargo.kind !== 'calls') return receivers;
  const { first, last } = cargo.rtpPorts;
  return { ...receivers, PASSBELL_SIP_ADDRESS: '127.0.0.1', PASSBELL_RTP_PORTS: `${first}-${last}` };
}

/** Tells a running service where its messages or calls go. */
async function lead(operator: Admin, { accountId }: Tenant, cargo: Setup['cargo']): Promise<void> {
  if (cargo.kind === 'checks') return;
  await operator.sendCallbacks(accountId, cargo.callbacksTo);
  if (cargo.kind === 'calls') {
    const { trunkPort: port, maxCalls: max_calls } = cargo;
    await operator.putTrunk('bench', { kind: 'sip', host: '127.0.0.1', port, max_calls });
    return;
  }
  const { smscPort: port, window, receipts } = cargo;
  await operator.putCarrier('bench', {
    ...{ kind: 'smpp', host: '127.0.0.1', port, window, receipts },
    ...{ system_id: 'bench', password: 'secret', binds: 1 },
  });
}

function targetFor(cargo: Setup['cargo'], port: number, tenant: Tenant): Target {
  switch (cargo.kind) {
    case 'messages':
      return messageTarget(port, tenant);
    case 'calls':
      return callTarget(port, tenant);
    case 'checks':
      return checkTarget(port, tenant);
  }
}

function messageTarget(port: number, { liveKey }: Tenant): Target {
  return {
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/api/v1/auths/send/otp/',
    headers: { authorization: `Bearer ${liveKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      number: '{number}',
      message: 'Your code is {otp}',
      sms_send_options: 'text',
      otp_options: 'generated',
    }),
  };
}

/** Lasts for thirteen seconds: at 40 a second, some 510 calls are up. */
function callTarget(port: number, { productToken }: Tenant): Target {
  return {
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/voiceapi/v2/OTP',
    headers: { 'x-cm-producttoken': productToken, 'content-type': 'application/json' },
    body: JSON.stringify({
      callee: '+{number}',
      caller: '+9779801000000',
      'code-prompt': 'Your code is',
      code: '48291',
      'max-replays': 1,
      'auto-replay': true,
      'outro-prompt': 'Goodbye.',
    }),
  };
}

function checkTarget(port: number, { liveKey }: Tenant): Target {
  return {
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/v1/verifications/{key}/check',
    headers: { authorization: `Bearer ${liveKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ code: '{code}' }),
  };
}
