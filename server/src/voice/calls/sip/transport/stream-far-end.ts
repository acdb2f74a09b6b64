import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { parseSip } from '../message/parse.ts';
import type { SipMessage, SipRequest } from '../message/sip-message.ts';
import { writeSip } from '../message/write.ts';
import { replyTo } from '../transaction/reply.ts';
import { streamFramer } from './stream-framer.ts';

export interface StreamFarEnd {
  readonly port: number;
  /** What came, in order. */
  readonly got: SipMessage[];
  /** Connections that are open. */
  readonly sockets: Set<Socket>;
  /** The next request that comes. */
  next(): Promise<SipRequest>;
  close(): Promise<void>;
}

/** One who listens on TCP or TLS at 127.0.0.1, and says 200 to all but ACK; for tests. */
export async function streamFarEnd({
  tls,
  mute = false,
}: {
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly mute?: boolean;
} = {}): Promise<StreamFarEnd> {
  const got: SipMessage[] = [];
  const sockets = new Set<Socket>();
  let wake: ((request: SipRequest) => void)[] = [];

  function serve(socket: Socket): void {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    const framer = streamFramer({
      message(octets) {
        const message = parseSip(octets);
        if (message.kind === 'fault') return;
        got.push(message);
        if (message.kind === 'response') return;
        for (const call of wake.splice(0)) call(message);
        if (!mute && message.method !== 'ACK') socket.write(writeSip(replyTo(message.headers, { status: 200 }, 'far')));
      },
      ping: () => void socket.write('\r\n'),
      lost: () => socket.destroy(),
    });
    socket.on('data', (chunk: Buffer) => framer.push(chunk));
  }

  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    got,
    sockets,
    next: () => new Promise((resolve) => wake.push(resolve)),
    async close() {
      for (const socket of sockets) socket.destroy();
      wake = [];
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
