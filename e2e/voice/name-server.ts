import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const A = 1;

/** A name server (RFC 1035 §4) on loopback whose zone is a function. */
export interface NameServer {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** How often a host was asked for. */
  asked(host: string): number;
  close(): void;
}

/** @param addresses the IPv4 addresses of a host that is asked for the `nth` time, from 1; null: there is no such host */
export async function startNameServer(
  addresses: (host: string, nth: number) => readonly string[] | null,
): Promise<NameServer> {
  const asked = new Map<string, number>();
  const socket = createSocket('udp4');

  function answer(host: string, type: number): readonly string[] | null {
    if (type !== A) return [];
    const nth = (asked.get(host) ?? 0) + 1;
    asked.set(host, nth);
    return addresses(host, nth);
  }

  socket.on('message', (query, from) => {
    const { host, end } = question(query);
    const found = answer(host, query.readUInt16BE(end - 4));
    const [flags, count] = [0x80 | (found === null ? 3 : 0), found?.length ?? 0];
    const head = Buffer.from([...query.subarray(0, 2), 0x81, flags, 0, 1, 0, count, 0, 0, 0, 0]);
    // Points back at the name that was asked for; good for 0 s.
    const records = (found ?? []).map((ip) => [0xc0, 12, 0, A, 0, 1, 0, 0, 0, 0, 0, 4, ...ip.split('.').map(Number)]);
    socket.send(Buffer.concat([head, query.subarray(12, end), Buffer.from(records.flat())]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked: (host) => asked.get(host) ?? 0,
    close: () => socket.close(),
  };
}

/** The host that is asked for, and where the question ends. */
function question(query: Buffer): { readonly host: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  // A zero, the type, the class.
  return { host: labels.join('.').toLowerCase(), end: at + 5 };
}
