import { connect } from 'node:net';

/** What came back over one connection until the service hung up. */
export interface Exchange {
  /** The status of each answer, in order. */
  readonly statuses: readonly number[];
  readonly text: string;
}

/** Longer than the service lets half a request stay. */
const PATIENCE_MS = 30_000;

/**
 * Writes `bytes` over a connection of its own, as they are, and reads until the service hangs up: for what `fetch` would refuse to
 * send. Rejects when the service keeps the connection; a request that is served must ask it to close.
 *
 * @param from the address the connection comes from; the whole of 127.0.0.0/8 is this machine
 */
export function exchange(url: string, bytes: string | Buffer, from = '127.0.0.1'): Promise<Exchange> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const read: Buffer[] = [];
    const socket = connect({ host, port: Number(port), localAddress: from });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the service kept the connection for ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => read.push(chunk));
    // A reset ends a connection too: the service need not read the rest of what it has refused.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      const text = Buffer.concat(read).toString('utf8');
      resolve({ statuses: Array.from(text.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status)), text });
    });
  });
}

/**
 * The bytes of one request that asks the service to close.
 *
 * @param fields header lines; Content-Length is added unless one of them frames the body
 */
export function requestBytes(
  line: string,
  fields: readonly string[],
  body: string | Buffer = '',
  host = 'localhost',
): Buffer {
  const content = Buffer.from(body);
  const framed = fields.some((field) => /^(content-length|transfer-encoding):/i.test(field));
  const length = framed ? [] : [`Content-Length: ${content.length}`];
  const head = [`${line} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...fields, ...length, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), content]);
}
