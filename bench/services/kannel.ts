import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Target } from '../load/target.ts';
import { freePorts, listening } from './ports.ts';
import type { Messages, Running, Service, Setup } from './service.ts';

/** dlr-mask: delivered (1), failed (2), rejected by the SMSC (16). */
const FINAL_REPORTS = 19;
const READY_WITHIN = 15_000;

interface Ports {
  readonly admin: number;
  readonly boxes: number;
  readonly http: number;
}

/**
 * Kannel 1.4.5 in its fastest mode: the queue in memory, nothing on disk, log level 3 (above warnings). It runs as two
 * processes: bearerbox speaks SMPP, smsbox HTTP.
 */
export const kannel: Service = {
  name: 'kannel',
  async start(setup) {
    const { dir, cargo } = setup;
    if (cargo.kind !== 'messages') throw new Error('Kannel carries messages only.');
    const [admin = 0, boxes = 0, http = 0] = await freePorts(3);
    const file = join(dir, 'kannel.conf');
    await writeFile(file, configuration(cargo, { admin, boxes, http }));

    const first = await startBoxes(setup, file, { admin, boxes, http });
    let current = first;
    return {
      target: target(http, cargo.receipts ? cargo.reportsTo : null),
      pids: first.pids,
      databasePids: [],
      reportsByHttp: true,
      readyMs: first.readyMs,
      async restart() {
        await current.undo.disposeAsync();
        current = await startBoxes(setup, file, { admin, boxes, http });
        return current.readyMs;
      },
      async read() {
        throw new Error('Kannel keeps nothing that could be read.');
      },
      [Symbol.asyncDispose]: () => current.undo.disposeAsync(),
    } satisfies Running;
  },
};

interface Boxes {
  readonly pids: readonly number[];
  readonly readyMs: number;
  readonly undo: AsyncDisposableStack;
}

async function startBoxes({ processes, dir }: Setup, file: string, ports: Ports): Promise<Boxes> {
  await using undo = new AsyncDisposableStack();
  const started = performance.now();
  const start = (program: string): number => {
    // -v 4: nothing but panics on the terminal; its debug output would be measured along.
    const child = processes.spawn(program, ['-v', '4', file], { stdio: 'ignore', cwd: dir });
    undo.defer(() => processes.end(child));
    return child.pid ?? 0;
  };
  const bearerbox = start('/usr/sbin/bearerbox');
  await listening(ports.boxes, READY_WITHIN);
  const smsbox = start('/usr/sbin/smsbox');
  await listening(ports.http, READY_WITHIN);
  return { pids: [bearerbox, smsbox], readyMs: performance.now() - started, undo: undo.move() };
}

function target(port: number, reportsTo: string | null): Target {
  const query = new URLSearchParams({
    username: 'tester',
    password: 'tester',
    from: 'ACME',
    text: 'Your code is 482913',
  });
  if (reportsTo) {
    query.set('dlr-mask', `${FINAL_REPORTS}`);
    // %d is the kind of report, %F the SMSC's id of the message: Kannel fills them in.
    query.set('dlr-url', `${reportsTo}?status=%d&id=%F`);
  }
  return {
    host: '127.0.0.1',
    port,
    method: 'GET',
    path: `/cgi-bin/sendsms?${query}&to={number}`,
    headers: {},
    body: '',
  };
}

function configuration({ smscPort, window }: Messages, ports: Ports): string {
  return `
group = core
admin-port = ${ports.admin}
admin-password = bench
admin-interface = 127.0.0.1
smsbox-port = ${ports.boxes}
smsbox-interface = 127.0.0.1
log-level = 3
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
dlr-storage = internal
sms-incoming-queue-limit = -1

group = smsc
smsc = smpp
smsc-id = BENCH
host = 127.0.0.1
port = ${smscPort}
transceiver-mode = 1
smsc-username = "bench"
smsc-password = "secret"
system-type = ""
interface-version = 34
msg-id-type = 0x00
source-addr-ton = 5
source-addr-npi = 0
dest-addr-ton = 1
dest-addr-npi = 1
enquire-link-interval = 30
max-pending-submits = ${window}
wait-ack = 60
reconnect-delay = 1
log-level = 3

group = smsbox
smsbox-id = bench
bearerbox-host = 127.0.0.1
sendsms-port = ${ports.http}
sendsms-interface = 127.0.0.1
global-sender = "ACME"
log-level = 3
mo-recode = true

group = sendsms-user
username = tester
password = tester
max-messages = 8
concatenation = true

group = sms-service
keyword = default
text = "n/a"
max-messages = 0
`;
}
