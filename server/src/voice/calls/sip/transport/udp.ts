import { createSocket } from 'node:dgram';
import type { Log } from '../../../../observe/log.ts';
import type { Clock } from '../../../../values/clock.ts';
import { localAddresses } from './local-address.ts';
import type { Local, Target } from './target.ts';

export interface UdpOptions {
  readonly family: 4 | 6;
  readonly address: string;
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Udp {
  listen(received: (octets: Buffer, from: Target) => void): void;
  local(target: Target): Promise<Local>;
  send(target: Target, octets: Buffer, failed: () => void): void;
  close(): Promise<void>;
}

/** Room for the answers to some hundred calls that come while the process is busy. The kernel may give less. */
const RECEIVE_OCTETS = 1024 * 1024;
/** What the kernel does not take may pile up to here: what is more is dropped, and sent again by its transaction. */
const UNSENT_LIMIT = 1024 * 1024;

/** One unconnected socket: a SIP far end may answer from another address than it was asked at. */
export async function openUdp({ family, address, port, clock, log }: UdpOptions): Promise<Udp> {
  const type = family === 6 ? 'udp6' : 'udp4';
  const socket = createSocket({
    type,
    ipv6Only: family === 6,
    recvBufferSize: RECEIVE_OCTETS,
    // Targets are IP literals: there is nothing to look up, and nothing to wait for.
    lookup: (literal, _options, callback) => callback(null, literal, family),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  socket.on('error', (error) => log.error('sip_udp_failed', { family }, error));
  const bound = socket.address();
  const wildcard = bound.address === '0.0.0.0' || bound.address === '::';
  const addresses = localAddresses(type, clock);
  let closing: Promise<void> | null = null;

  return {
    listen(received) {
      socket.on('message', (octets, from) => {
        received(octets, { transport: 'udp', address: from.address, port: from.port, serverName: from.address });
      });
    },
    async local(target) {
      return { host: wildcard ? await addresses.towards(target) : bound.address, port: bound.port };
    },
    send(target, octets, failed) {
      if (closing !== null) return;
      if (socket.getSendQueueSize() > UNSENT_LIMIT) return;
      socket.send(octets, target.port, target.address, (error) => {
        if (error !== null) failed();
      });
    },
    close() {
      closing ??= new Promise((resolve) => socket.close(() => resolve()));
      return closing;
    },
  };
}
