import { Agent, request } from 'node:http';
import { monotonicMicros } from '../measure/clock.ts';
import { bodyFor, destination, pathFor, type Target } from './target.ts';

/** One request of a paced run; times are monotonic µs. */
export interface Paced {
  readonly number: string;
  readonly sent: number;
  /** When its answer was here; null when it was refused or broke. */
  readonly accepted: number | null;
}

/** More than any service under test keeps waiting at this rate: a request never queues for a connection here. */
const CONNECTIONS = 256;

/**
 * Sends `perSecond` requests a second for `seconds`, each at its time whether or not the earlier ones were answered (an open
 * loop: a service that stalls is seen to stall for every request that fell due meanwhile).
 */
export async function pace(
  target: Target,
  perSecond: number,
  seconds: number,
  first: number,
): Promise<readonly Paced[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const start = monotonicMicros();
  const total = perSecond * seconds;
  const running: Promise<Paced>[] = [];
  await new Promise<void>((resolve) => {
    function tick(): void {
      const due = Math.min(total, Math.floor(((monotonicMicros() - start) * perSecond) / 1e6));
      while (running.length < due) running.push(send(target, agent, destination(first + running.length)));
      if (running.length < total) setTimeout(tick, 1);
      else resolve();
    }
    tick();
  });
  const sent = await Promise.all(running);
  agent.destroy();
  return sent;
}

function send(target: Target, agent: Agent, number: string): Promise<Paced> {
  return new Promise((resolve) => {
    const sent = monotonicMicros();
    const { host, port, method, headers } = target;
    const body = bodyFor(target, number);
    const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) };
    const call = request({
      host,
      port,
      method,
      agent,
      path: pathFor(target, number),
      headers: { ...headers, ...length },
    });
    call.once('response', (answer) => {
      const ok = answer.statusCode !== undefined && answer.statusCode < 300;
      answer.resume();
      answer.once('end', () => resolve({ number, sent, accepted: ok ? monotonicMicros() : null }));
    });
    call.once('error', () => resolve({ number, sent, accepted: null }));
    call.end(body);
  });
}
