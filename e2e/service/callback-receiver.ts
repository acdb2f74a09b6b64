import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A callback as it arrived. */
export interface ReceivedCallback {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Octet for octet: what was signed. */
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export interface CallbackReceiver {
  /** `http://127.0.0.1:PORT`; any path below it is received. */
  readonly url: string;
  readonly received: readonly ReceivedCallback[];
  /** Resolves to the first callback that passes; looked at whenever one comes. Never rejects: a test's own time-out ends the wait. */
  next(passes: (callback: ReceivedCallback) => boolean): Promise<ReceivedCallback>;
  stop(): Promise<void>;
}

/** A receiver of callbacks on loopback. @param answer the status of each, by what came; default 200 */
export async function startCallbackReceiver(
  answer: (callback: ReceivedCallback) => number = () => 200,
): Promise<CallbackReceiver> {
  const received: ReceivedCallback[] = [];
  const watchers = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const callback = { path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) };
      received.push(callback);
      response.writeHead(answer(callback)).end();
      for (const watch of watchers) watch();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    next(passes) {
      return new Promise((resolve) => {
        const watch = () => {
          const found = received.find(passes);
          if (found === undefined) return;
          watchers.delete(watch);
          resolve(found);
        };
        watchers.add(watch);
        watch();
      });
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
