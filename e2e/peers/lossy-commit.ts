import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A road to a PostgreSQL server on which the answer to a COMMIT can get lost: it happened, and whoever asked never hears of it. */
export interface LossyCommit {
  /** The database, by this road. */
  readonly url: string;
  /** Loses the answer to the next COMMIT of a transaction in which this was said, and with it the connection; resolves when it is lost. */
  loseAnswerAfter(said: RegExp): Promise<void>;
  stop(): Promise<void>;
}

/** The server's word that a transaction is committed (CommandComplete). */
const COMMITTED = 'COMMIT\0';

export async function startLossyCommit(databaseUrl: string): Promise<LossyCommit> {
  const target = new URL(databaseUrl);
  const open = new Set<Socket>();
  let next: { readonly said: RegExp; readonly lost: () => void } | null = null;

  function carry(client: Socket): void {
    const server = connect(Number(target.port), target.hostname);
    /** What was said since the last COMMIT. */
    let said = '';
    let lost: (() => void) | null = null;

    client.on('data', (chunk) => {
      said += chunk.toString('latin1');
      if (said.includes('COMMIT')) {
        if (next?.said.test(said)) {
          lost = next.lost;
          next = null;
        }
        said = '';
      }
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (lost === null) client.write(chunk);
      else if (chunk.includes(COMMITTED)) {
        client.destroy();
        server.destroy();
        lost();
      }
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
  }

  const listener = createServer(carry);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const url = new URL(databaseUrl);
  url.port = String((listener.address() as AddressInfo).port);
  return {
    url: url.href,
    loseAnswerAfter: (said) =>
      new Promise((lost) => {
        next = { said, lost };
      }),
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}
