import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Where peers listen, and nowhere else. */
export type Loopback = '127.0.0.1' | '::1';

// Below 32768, where Linux takes the ports of outgoing connections from: nothing that a test dials from gets in between.
const LOWEST = 20_000;
const HIGHEST = 32_000;

// A port that was found free is bound a while later, by another process: so none is handed out twice, until all were. Each test
// process begins somewhere else.
let next = 2 * randomInt(LOWEST / 2, HIGHEST / 2);

/** A port that neither UDP nor TCP uses. */
export function freePort(host: Loopback = '127.0.0.1'): Promise<number> {
  return freePorts(1, host);
}

/** The first of `count` ports in a row that neither UDP nor TCP uses; even, as RTP wants it (RFC 3550 §11). */
export async function freePorts(count: number, host: Loopback = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (next + count > HIGHEST) next = LOWEST;
    const first = next;
    next += count + (count % 2);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(ports.map((port) => isFree(port, host)));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row on ${host}`);
}

async function isFree(port: number, host: Loopback): Promise<boolean> {
  const udp = createSocket(host === '::1' ? 'udp6' : 'udp4');
  const tcp = createServer();
  try {
    udp.bind(port, host);
    await once(udp, 'listening');
    tcp.listen(port, host);
    await once(tcp, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    await Promise.all([closed(udp), closed(tcp)]);
  }
}

function closed(socket: { close(done: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.close(() => resolve());
    } catch {
      resolve(); // it never listened
    }
  });
}
