import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type RtpPacket, readRtp, writeRtpHeader } from './rtp-packet.ts';

/** A packet as the far end got it, its payload copied. */
export interface GotPacket extends RtpPacket {
  readonly marker: boolean;
  readonly payload: Buffer;
  readonly fromPort: number;
}

/** The other end of a call, for tests: a socket on loopback that keeps what it hears and waits for events, never for time. */
export interface FarEnd {
  readonly address: string;
  readonly port: number;
  readonly got: readonly GotPacket[];
  /** Resolves when `condition` holds of what was got: looked at with each packet. */
  until(condition: (got: readonly GotPacket[]) => boolean): Promise<void>;
  /** Forgets what it got. */
  clear(): void;
  /** Resolves when it has left. */
  send(datagram: Uint8Array, toPort: number): Promise<void>;
  close(): Promise<void>;
}

export async function farEnd(family: 4 | 6 = 4): Promise<FarEnd> {
  const address = family === 4 ? '127.0.0.1' : '::1';
  const socket: Socket = createSocket(family === 4 ? 'udp4' : 'udp6');
  let got: GotPacket[] = [];
  let waiting: { condition: (got: readonly GotPacket[]) => boolean; resolve: () => void }[] = [];

  function look(): void {
    for (const { condition, resolve } of waiting) if (condition(got)) resolve();
    waiting = waiting.filter(({ condition }) => !condition(got));
  }

  socket.on('message', (datagram, from) => {
    const packet = readRtp(datagram);
    if (packet === null) return;
    const payload = Buffer.from(datagram.subarray(packet.start, packet.end));
    got.push({ ...packet, payload, marker: datagram.readUInt8(1) > 127, fromPort: from.port });
    look();
  });
  socket.bind(0, address);
  await once(socket, 'listening');

  return {
    address,
    port: socket.address().port,
    get got() {
      return got;
    },
    until: (condition) =>
      new Promise((resolve) => {
        waiting.push({ condition, resolve });
        look();
      }),
    clear() {
      got = [];
    },
    send: (datagram, toPort) =>
      new Promise((resolve, reject) => {
        socket.send(datagram, toPort, address, (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** A packet as a far end sends it. */
export function rtpPacket({
  payloadType = 8,
  sequence = 1,
  timestamp = 160,
  ssrc = 0x1234,
  marker = false,
  payload = Buffer.alloc(160, 0xd5) as Uint8Array,
}): Buffer {
  const header = Buffer.alloc(12);
  writeRtpHeader(header, { payloadType, sequence, timestamp, ssrc, marker });
  return Buffer.concat([header, payload]);
}

/** A packet of a key that is held: RFC 4733 §2.3. */
export function eventPacket(
  event: number,
  timestamp: number,
  { sequence = 1, ssrc = 0x1234, duration = 160, end = false } = {},
): Buffer {
  const payload = Buffer.of(event, end ? 0x8a : 0x0a, duration >> 8, duration & 0xff);
  return rtpPacket({ payloadType: 101, sequence, timestamp, ssrc, payload });
}
