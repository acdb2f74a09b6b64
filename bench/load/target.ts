/** A request that a load generator repeats, with another destination each time: `{number}` in the path or body stands for it. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const NUMBER = '{number}';

/**
 * The i-th destination: a Nepali mobile number in E.164 without its plus. All have 13 digits, and are valid up to i = 30 million
 * (the ranges 984, 985 and 986).
 */
export function destination(i: number): string {
  return `${9_779_840_000_000 + i}`;
}

/** The body for one destination. */
export function bodyFor(target: Target, number: string): string {
  return target.body.replace(NUMBER, number);
}

/** The path for one destination. */
export function pathFor(target: Target, number: string): string {
  return target.path.replace(NUMBER, number);
}

/** The whole request as it goes over the wire, `{number}` still in it. */
export function rawRequest(target: Target): string {
  const length = Buffer.byteLength(bodyFor(target, destination(0)));
  const headers = Object.entries({
    host: `${target.host}:${target.port}`,
    ...target.headers,
    ...(length > 0 ? { 'content-length': `${length}` } : {}),
  });
  return [
    `${target.method} ${target.path} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    target.body,
  ].join('\r\n');
}
