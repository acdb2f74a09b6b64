import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, freePorts, type Loopback } from './free-port.ts';
import { listening } from './listening.ts';
import { startProcess } from './peer-process.ts';
import { readMessages, type SippMessage } from './sipp-messages.ts';
import type { Scenario } from './sipp-scenario.ts';

export interface SippOptions {
  readonly scenario: Scenario;
  readonly host?: Loopback;
  readonly transport?: 'udp' | 'tcp';
  /** Sends the RTP of every call back to where it came from. All calls share one port for it. */
  readonly echo?: boolean;
  /** Keeps every message, for `messages()`. Not for thousands of calls. */
  readonly trace?: boolean;
  /** For a caller: whom to call (`user@127.0.0.1:5060`), how often, how many a second. */
  readonly call?: { readonly user: string; readonly port: number; readonly times?: number; readonly aSecond?: number };
  /** Username and password for challenges, where the scenario answers or verifies them. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** How SIPp's calls ended. A call fails that did not go as the scenario says. */
export interface SippStats {
  readonly seen: number;
  readonly current: number;
  readonly finished: number;
  readonly failed: number;
  /** Messages that it sent again for want of an answer, or received again. */
  readonly retransmissions: number;
}

/** A SIPp, in a process of its own. */
export interface Sipp {
  /** Where it listens, on UDP or TCP. */
  readonly port: number;
  /** Where it wants its RTP: the media port of every call. */
  readonly mediaPort: number;
  /** Up to 200 ms old. */
  stats(): SippStats;
  /** Resolves to the figures once so many calls have ended, well or not. Rejects after `withinMs`, with what went wrong. */
  ended(calls: number, withinMs?: number): Promise<SippStats>;
  /** Every message so far, in order. */
  messages(): readonly SippMessage[];
  /** The messages that reached it whose first line starts with this: a method, or `SIP/2.0 200`. */
  received(start: string): readonly SippMessage[];
  sent(start: string): readonly SippMessage[];
  /** Resolves once `received(start)` has so many. */
  hasReceived(start: string, count?: number, withinMs?: number): Promise<readonly SippMessage[]>;
  /** What it found wrong: unexpected messages, failed checks. */
  errors(): string;
  /** Ends it, calls and all, and removes its files. */
  stop(): Promise<void>;
}

const EVERY_MS = 50;
/** `-rtp_echo` takes the media port and the second next, for video. */
const MEDIA_PORTS = 4;

export async function startSipp(options: SippOptions): Promise<Sipp> {
  const { scenario, host = '127.0.0.1', transport = 'udp', call } = options;
  const folder = mkdtempSync(join(tmpdir(), 'passbell-sipp-'));
  const file = (name: string) => join(folder, name);
  writeFileSync(file('scenario.xml'), scenario.xml);
  const [port, control, mediaPort] = [await freePort(host), await freePort(), await freePorts(MEDIA_PORTS, host)];
  const target = host === '::1' ? `[::1]:${call?.port}` : `${host}:${call?.port}`;
  const sipp = startProcess(
    'sipp',
    [
      ...(call === undefined ? [] : [target]),
      ...['-sf', file('scenario.xml'), '-i', host, '-p', `${port}`, '-t', transport === 'tcp' ? 't1' : 'u1'],
      ...['-mi', host, '-mp', `${mediaPort}`, '-ci', '127.0.0.1', '-cp', `${control}`, '-nostdin', '-skip_rlimit'],
      ...['-trace_stat', '-stf', file('stats.csv'), '-fd', '200ms', '-trace_err', '-error_file', file('errors.log')],
      ...(options.trace === false ? [] : ['-trace_msg', '-message_file', file('messages.log')]),
      ...(scenario.options ?? []),
      ...(options.echo ? ['-rtp_echo'] : []),
      ...(call === undefined ? [] : ['-s', call.user, '-m', `${call.times ?? 1}`, '-r', `${call.aSecond ?? 10}`]),
      ...(options.credentials === undefined
        ? []
        : ['-au', options.credentials.username, '-ap', options.credentials.password]),
    ],
    { cwd: folder },
  );

  const read = (name: string): string => {
    try {
      return readFileSync(file(name), 'utf8');
    } catch {
      return ''; // not yet written
    }
  };
  const stats = () => readStats(read('stats.csv'));
  const messages = () => readMessages(read('messages.log'));
  const select = (direction: SippMessage['direction'], start: string) =>
    messages().filter((message) => message.direction === direction && message.firstLine.startsWith(start));
  const account = () => [JSON.stringify(stats()), read('errors.log'), read('messages.log'), sipp.output()].join('\n');

  // A caller ends by itself after its calls; anything else is a crash, or an option that it does not know.
  let crash: string | null = null;
  const watched = sipp.exit.then((code) => {
    if (code !== 0 && code !== 1) crash = `SIPp ended with ${code}`;
  });

  async function until<T>(what: string, ask: () => T, good: (answer: T) => boolean, withinMs: number): Promise<T> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const answer = ask();
      if (good(answer)) return answer;
      const why = crash ?? (Date.now() > deadline ? `not within ${withinMs} ms` : null);
      if (why !== null) throw new Error(`SIPp: no ${what}: ${why}\n${account().slice(-20_000)}`);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  if (call === undefined) await listening(port, transport, sipp.endedEarly);
  return {
    port,
    mediaPort,
    stats,
    ended: (calls, withinMs = 10_000) =>
      until(`${calls} calls that ended`, stats, ({ finished, failed }) => finished + failed >= calls, withinMs),
    messages,
    received: (start) => select('received', start),
    sent: (start) => select('sent', start),
    hasReceived: (start, count = 1, withinMs = 10_000) =>
      until(
        `${count} × ${start}`,
        () => select('received', start),
        ({ length }) => length >= count,
        withinMs,
      ),
    errors: () => read('errors.log'),
    async stop() {
      await sipp.end('SIGTERM');
      await watched;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The last whole line of SIPp's statistics: `(C)` is since the start. */
function readStats(csv: string): SippStats {
  const [head = '', ...rows] = csv.slice(0, csv.lastIndexOf('\n')).split('\n');
  const names = head.split(';');
  const values = rows.at(-1)?.split(';') ?? [];
  const column = (name: string) => Number(values[names.indexOf(name)] ?? 0);
  return {
    seen: column('TotalCallCreated'),
    current: column('CurrentCall'),
    finished: column('SuccessfulCall(C)'),
    failed: column('FailedCall(C)'),
    retransmissions: column('Retransmissions(C)'),
  };
}
