import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** A request, octet for octet as it is sent. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Longer than any answer may take that is not asked to wait. */
const PATIENCE_MS = 15_000;

export interface Line {
  /** Sends one request. Rejects when no answer comes. A stream of events is cut off after its head. */
  ask(request: Request): Promise<Answer>;
  close(): void;
}

/** Sends what `fetch` would put right: paths with `..`, and bodies that are not what their type says. */
export function lineTo(url: string): Line {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  return {
    close: () => agent.destroy(),
    ask: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` };
        const sent = request(url, { agent, method, path, headers: { ...headers, ...length }, timeout: PATIENCE_MS });
        sent.on('timeout', () => sent.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
        sent.on('error', reject);
        sent.on('response', (response) => {
          const { statusCode: status = 0, headers } = response;
          const chunks: Buffer[] = [];
          const done = () => resolve({ status, headers, body: Buffer.concat(chunks) });
          if (headers['content-type']?.startsWith('text/event-stream') === true) {
            sent.off('error', reject).on('error', () => {});
            response.on('error', () => {});
            sent.destroy();
            done();
            return;
          }
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', done);
          response.on('error', reject);
        });
        sent.end(body);
      }),
  };
}
