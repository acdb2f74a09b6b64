import { createServer } from 'node:net';

/** Takes delivery reports and callbacks by HTTP, and counts them. */
export interface ReportReceiver extends AsyncDisposable {
  readonly url: string;
  count(): number;
}

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const END_OF_HEAD = '\r\n\r\n';

/**
 * As small as it can be, not to take time from the service that reports: an empty line and as many octets as `Content-Length` says
 * end a request and earn an answer. It reads nothing else of HTTP.
 */
export async function receiveReports(): Promise<ReportReceiver> {
  let reports = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      const { whole, left } = readRequests(rest + chunk.toString('latin1'));
      rest = left;
      reports += whole;
      if (whole > 0) socket.write(ANSWER.repeat(whole));
    });
  });
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The report receiver does not listen.');
  return {
    url: `http://127.0.0.1:${address.port}/dlr`,
    count: () => reports,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** How many whole requests stand at the beginning of `text`, and what is left behind them. A character is an octet. */
export function readRequests(text: string): { readonly whole: number; readonly left: string } {
  let whole = 0;
  let at = 0;
  for (;;) {
    const head = text.indexOf(END_OF_HEAD, at);
    if (head === -1) break;
    const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(at, head))?.[1] ?? '0';
    const end = head + END_OF_HEAD.length + Number(length);
    if (end > text.length) break;
    whole += 1;
    at = end;
  }
  return { whole, left: text.slice(at) };
}
