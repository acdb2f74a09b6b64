import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A request as the receiver got it, and the socket to answer on as one pleases. */
export interface Received {
  /** Request line and headers. */
  readonly head: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly socket: Socket;
}

/** A receiver of callbacks on this machine that answers with raw bytes, so that it can misbehave. For tests. */
export interface LoopbackReceiver {
  readonly port: number;
  readonly received: readonly Received[];
  /** Connections so far: a canary counts none. */
  readonly connections: number;
  close(): Promise<void>;
}

export interface ReceiverOptions {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

export const OK = 'HTTP/1.1 204 No Content\r\n\r\n';

export function statusLine(status: number, ...headers: readonly string[]): string {
  return [`HTTP/1.1 ${status} Odd`, 'content-length: 0', ...headers, '\r\n'].join('\r\n');
}

/** @param answer called with each whole request */
export async function loopbackReceiver(
  answer: (request: Received) => void,
  { host = '127.0.0.1', port = 0, tls }: ReceiverOptions = {},
): Promise<LoopbackReceiver> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  function serve(socket: Socket): void {
    connections += 1;
    sockets.add(socket);
    let waiting = '';
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      waiting += text;
      for (;;) {
        const end = waiting.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = waiting.slice(0, end);
        const headers = Object.fromEntries(
          head
            .split('\r\n')
            .slice(1)
            .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
        );
        const bodyEnd = end + 4 + Number(headers['content-length'] ?? 0);
        if (waiting.length < bodyEnd) return;
        const body = Buffer.from(waiting.slice(end + 4, bodyEnd), 'latin1').toString();
        waiting = waiting.slice(bodyEnd);
        const request = { head, headers, body, socket };
        received.push(request);
        answer(request);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }

  const server: Server = tls === undefined ? createTcpServer(serve) : createTlsServer(tls, serve);
  server.on('tlsClientError', () => {});
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    received,
    get connections() {
      return connections;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
