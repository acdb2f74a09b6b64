import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Binding } from './thread-messages.ts';

/** One session's socket. */
export interface RtpSocket {
  readonly port: number;
  /** Sends, or does not: a network that has no room now wants no repeat of sound. @param address an IP literal. */
  send(packet: Buffer, port: number, address: string): void;
  close(): void;
}

export interface SocketListener {
  datagram(datagram: Buffer, from: RemoteInfo): void;
  /** It broke, and is closed. */
  broken(): void;
}

/** Binds a socket. Rejects with the system's error: EADDRINUSE when the port is another's. */
export function openRtpSocket({ family, host, port }: Binding, listener: SocketListener): Promise<RtpSocket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type: family === 4 ? 'udp4' : 'udp6',
      ipv6Only: family === 6,
      // The address is a literal. Through the resolver each packet would be sent in a later turn, after a visit to the thread pool.
      lookup: (address, _options, done) => done(null, address, family),
    });
    socket.once('error', reject);
    socket.bind({ port, address: host, exclusive: true }, () => {
      socket.off('error', reject);
      socket.on('error', () => {
        socket.close();
        listener.broken();
      });
      socket.on('message', listener.datagram);
      resolve(over(socket));
    });
  });
}

function over(socket: Socket): RtpSocket {
  return {
    port: socket.address().port,
    send: (packet, port, address) => socket.send(packet, port, address),
    close: () => socket.close(),
  };
}
