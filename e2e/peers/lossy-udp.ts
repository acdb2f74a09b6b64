import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Random } from '../../server/src/values/random.ts';
import { seededRandom } from '../../server/src/values/seeded-random.ts';

export interface LossyUdpOptions {
  /** The port of the callee's SIP, on 127.0.0.1. */
  readonly to: number;
  /** What becomes of the nth message of each direction. */
  readonly seed: number;
  /** Of a thousand messages in either direction, so many are lost, and so many come twice. */
  readonly lostInThousand?: number;
  readonly doubledInThousand?: number;
  /** Each is late by up to this, so that some overtake others. */
  readonly lateByMs?: number;
}

/** A bad network for SIP over UDP between one caller and one callee. Their sound does not go through it. */
export interface LossyUdp {
  /** Where the caller sends what is meant for the callee. */
  readonly port: number;
  readonly passed: number;
  readonly lost: number;
  readonly doubled: number;
  stop(): Promise<void>;
}

/**
 * Starts the bad network. Each side takes it for the other one: in Via, Contact, Route and Record-Route its addresses stand for theirs,
 * so that requests within the call come this way too. Nothing else is touched, so digests and lengths stay right.
 */
export async function startLossyUdp(options: LossyUdpOptions): Promise<LossyUdp> {
  const { to, seed, lostInThousand = 100, doubledInThousand = 0, lateByMs = 0 } = options;
  const [near, far] = [await bound(), await bound()];
  const [nearPort, farPort] = [near.address().port, far.address().port];
  const counts = { passed: 0, lost: 0, doubled: 0 };
  let caller: number | null = null;
  let open = true;

  /** What becomes of the messages of one direction, one after the other. */
  function passing(chance: Random) {
    return (message: Buffer, socket: Socket, port: number): void => {
      // Always as many draws, so that the nth message's fate is the seed's alone.
      const [lost, doubled] = [chance.below(1_000) < lostInThousand, chance.below(1_000) < doubledInThousand];
      const delays = [chance.below(lateByMs + 1), chance.below(lateByMs + 1)];
      counts.lost += Number(lost);
      counts.passed += Number(!lost);
      counts.doubled += Number(!lost && doubled);
      const times = lost ? 0 : doubled ? 2 : 1;
      for (const delay of delays.slice(0, times)) {
        setTimeout(() => open && socket.send(message, port, '127.0.0.1'), delay);
      }
    };
  }

  const toCallee = passing(seededRandom(seed));
  const toCaller = passing(seededRandom(~seed));
  near.on('message', (message, { port }) => {
    caller = port;
    toCallee(
      readdress(message, [
        [port, farPort],
        [nearPort, to],
      ]),
      far,
      to,
    );
  });
  far.on('message', (message) => {
    if (caller !== null)
      toCaller(
        readdress(message, [
          [farPort, caller],
          [to, nearPort],
        ]),
        near,
        caller,
      );
  });

  return {
    port: nearPort,
    get passed() {
      return counts.passed;
    },
    get lost() {
      return counts.lost;
    },
    get doubled() {
      return counts.doubled;
    },
    async stop() {
      open = false;
      await Promise.all([near, far].map((socket) => new Promise<void>((resolve) => socket.close(resolve))));
    },
  };
}

const ROUTING = /^(via|v|contact|m|route|record-route)[ \t]*:/i;

/** Writes other ports of 127.0.0.1 into the headers that say where messages go, all at once: none is replaced twice. */
function readdress(message: Buffer, ports: readonly (readonly [from: number, to: number])[]): Buffer {
  const text = message.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return message; // a keep-alive
  const head = text.slice(0, end).split('\r\n');
  const changed = head.map((line) =>
    ROUTING.test(line)
      ? line.replace(/127\.0\.0\.1:(\d+)/g, (whole, port: string) => {
          const to = ports.find(([from]) => from === Number(port))?.[1];
          return to === undefined ? whole : `127.0.0.1:${to}`;
        })
      : line,
  );
  return Buffer.from(changed.join('\r\n') + text.slice(end), 'latin1');
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  // A port that nobody listens on any more is a loss like another.
  socket.on('error', () => {});
  return socket;
}
