import { createServer } from 'node:net';

/** Takes delivery reports by HTTP and counts them. */
export interface ReportReceiver extends AsyncDisposable {
  readonly url: string;
  count(): number;
}

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const END_OF_REQUEST = '\r\n\r\n';

/**
 * As small as it can be, not to take time from the service that reports: a GET has no body, so every empty line ends a request
 * and earns an answer. It reads nothing else of HTTP.
 */
export async function receiveReports(): Promise<ReportReceiver> {
  let reports = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      const requests = (rest + chunk.toString('latin1')).split(END_OF_REQUEST);
      rest = requests.pop() ?? '';
      reports += requests.length;
      if (requests.length > 0) socket.write(ANSWER.repeat(requests.length));
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
