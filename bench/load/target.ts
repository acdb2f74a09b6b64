/**
 * A request that a load generator repeats, with something else each time: `{number}` in the path or body stands for a destination, or `{key}`
 * and after it `{code}` for a code to check and what it is found by.
 */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The i-th destination: a Nepali mobile number in E.164 without its plus. All have 13 digits, and are valid up to i = 30 million
 * (the ranges 984, 985 and 986).
 */
export function destination(i: number): string {
  return `${9_779_840_000_000 + i}`;
}

/** The body for one destination. */
export function bodyFor(target: Target, number: string): string {
  return filled(target.body, { number });
}

/** The path for one destination. */
export function pathFor(target: Target, number: string): string {
  return filled(target.path, { number });
}

/** The text with what the named places stand for, each in its first place. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), text);
}

/** The whole request as it goes over the wire, its places still in it. @param sample of what they stand for: all are as long */
export function rawRequest(target: Target, sample: Readonly<Record<string, string>>): string {
  const length = Buffer.byteLength(filled(target.body, sample));
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
