import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from './service/api.ts';
import { exchange, requestBytes } from './service/exchange.ts';
import { type Service, startService } from './service/service.ts';
import { expectUnharmed, openTarget, type Target, V1 } from './service/target.ts';

/** Bytes that no well-meaning client would write: each is refused or cut, and sends nothing. */

const BODY = JSON.stringify({ number: '9851023212', message: 'Code {otp}', sms_send_options: 'text' });
const POST = `POST ${V1}`;

let service: Service;
let victim: Target;
/** Connections that give half a request and wait: what each was answered before it was cut. */
let dripped: Promise<string>[];

beforeAll(async () => {
  service = await startService();
  victim = await openTarget(service);
  dripped = [
    drip(''),
    drip(`${POST} HTTP/1.1\r\nHost: x\r\nX-`),
    drip(half(V1)),
    drip(half('/v1/keys')),
    drip(half('/v1/nothing')),
    drip(half('/admin/v1/accounts')),
  ];
});
afterAll(() => service.stop());

const half = (path: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\n${json().join('\r\n')}\r\nContent-Length: 9999\r\n\r\n{"number":"`;

/** Writes a start, then a byte every half second, until the service has enough of it. */
async function drip(start: string): Promise<string> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  let read = '';
  socket.on('data', (chunk) => {
    read += chunk;
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(start);
  const timer = setInterval(() => start !== '' && socket.write('a'), 500);
  await new Promise((resolve) => socket.on('close', resolve));
  clearInterval(timer);
  return read;
}

const key = () => `Authorization: Bearer ${victim.account.test}`;
const json = (...more: string[]) => [key(), 'Content-Type: application/json', ...more];

/** One request on a connection of its own; the one status it was answered with. */
async function status(line: string, fields: readonly string[], body?: string | Buffer, host?: string): Promise<number> {
  const { statuses, text } = await exchange(service.url, requestBytes(line, fields, body, host));
  expect(statuses, text.slice(0, 300)).toHaveLength(1);
  return statuses[0] ?? 0;
}

describe('headers', () => {
  it.each([
    ['two of a key', () => [key(), key()]],
    ['a key and another', () => [key(), `Authorization: Bearer ${victim.account.live}`]],
    ['two keys in one', () => [`${key()}, Bearer ${victim.account.live}`]],
    ['another scheme', () => [key().replace('Bearer', 'Basic')]],
    ['no key', () => ['Authorization: Bearer']],
  ])('for authorization with %s answer 401, on every API', async (_, fields) => {
    const type = 'Content-Type: application/json';
    expect(await status(POST, [...fields(), type], BODY)).toBe(401);
    expect(await status('POST /v1/keys', [...fields(), type], '{"name":"x"}')).toBe(401);
    expect(await status('GET /v1/handset/messages', fields())).toBe(401);
    expect(await status('GET /admin/v1/accounts', fields())).toBe(401);
  });

  it('of 64 KB answer 431', async () => {
    expect(await status(POST, ['Content-Type: application/json', `${key()}${'x'.repeat(65_536)}`], BODY)).toBe(431);
    expect(await status(POST, json(`Cookie: access_token=${'x'.repeat(65_536)}`), BODY)).toBe(431);
    expect(await status(POST, json(...Array<string>(5_000).fill('a: b')), BODY)).toBe(431);
    expect(await status(`GET /v1/keys?${'a=1&'.repeat(20_000)}`, [key()])).toBe(431);
  });

  it.each(['X-A: a\rInjected: b', 'X-A: a\0b', 'X-A: a\r\n folded', 'X A: b', ': b', 'X-A : b'])(
    'that are broken (%j) answer 400',
    async (field) => {
      expect(await status(POST, json(field), BODY)).toBe(400);
    },
  );
});

describe('framing', () => {
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

  it.each<[what: string, fields: string[], body: string]>([
    ['both ways', [`Content-Length: ${BODY.length}`, 'Transfer-Encoding: chunked'], `0\r\n\r\n${BODY}`],
    ['with two lengths', [`Content-Length: ${BODY.length}`, 'Content-Length: 5'], BODY],
    ['with a length below zero', ['Content-Length: -5'], BODY],
    ['with a length past 2^64', [`Content-Length: ${'9'.repeat(30)}`], BODY],
    ['with a length in hex', ['Content-Length: 0x10'], BODY],
    ['in chunks of no size', ['Transfer-Encoding: chunked'], `zz\r\n${BODY}\r\n0\r\n\r\n`],
    ['in a chunk of a size past 2^64', ['Transfer-Encoding: chunked'], `${'f'.repeat(20)}\r\n${BODY}`],
    ['in an unknown coding', ['Transfer-Encoding: chunked, x'], chunk(BODY)],
  ])('%s is refused', async (_, fields, body) => {
    expect(await status(POST, json(...fields), body)).toBe(400);
  });

  it('in chunks without end is cut at 64 KB', async () => {
    const endless = chunk('a'.repeat(8_192)).repeat(128);
    expect(await status(POST, json('Transfer-Encoding: chunked'), `${endless}0\r\n\r\n`)).toBe(413);
    expect(await status(POST, json(), 'a'.repeat(1_048_576))).toBe(413);
    expect(await status(POST, json('Content-Length: 99999999999'), BODY)).toBe(413);
    expect(await status('POST /v1/keys', json('Transfer-Encoding: chunked'), `${endless}0\r\n\r\n`)).toBe(413);
  });

  it('of two requests in one is answered twice, and of garbage after one is not taken for one', async () => {
    const one = (more: string) => `GET /v1/balance HTTP/1.1\r\nHost: x\r\n${key()}\r\n${more}\r\n`;
    const two = await exchange(service.url, one('') + one('Connection: close\r\n'));
    expect(two.statuses).toEqual([200, 200]);
    const garbage = await exchange(service.url, `${one('')}\x00\x01garbage\r\n\r\n${one('')}`);
    expect(garbage.statuses.at(-1)).toBe(400);
    expect(garbage.statuses.length).toBeLessThanOrEqual(2);
    // A body that is longer than it says must not become a request of its own.
    const smuggled = `POST /v1/keys HTTP/1.1\r\nHost: x\r\n${json().join('\r\n')}\r\nContent-Length: 2\r\n\r\n{}`;
    const { statuses } = await exchange(service.url, `${smuggled}${BODY}\r\n\r\n${one('')}`);
    expect(statuses.at(-1)).toBe(400);
  });

  it.each([
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'GET /v1/balance HTTP/9.9\r\nHost: x\r\n\r\n',
    'GET v1/balance HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /v1/balance HTTP/1.1\n\n',
    'GET /v1/balance HTTP/1.1\r\n\r\n',
    '\r\n\0\r\n\r\n',
    '{"number":"1"}\r\n\r\n',
  ])('of %j answers 400 and hangs up', async (bytes) => {
    expect((await exchange(service.url, bytes)).statuses).toEqual([400]);
  });

  it.each(['TRACE', 'OPTIONS', 'PROPFIND', 'QUERY', 'LINK', 'SEARCH'])('by %s is served nowhere', async (method) => {
    for (const path of [V1, '/v1/balance', '/admin/v1/accounts', '/livez', '/']) {
      const answered = await status(`${method} ${path}`, [key()]);
      expect([400, 401, 404, 405], `${method} ${path}`).toContain(answered);
    }
  });

  it('by CONNECT opens no tunnel', async () => {
    const { text } = await exchange(service.url, 'CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com\r\n\r\n');
    expect(text).not.toMatch(/ 2\d\d /);
  });
});

describe('bodies', () => {
  it('in other codings are unpacked by nobody', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    for (const coding of ['gzip', 'br', 'deflate', 'gzip, gzip']) {
      expect(await status(POST, json(`Content-Encoding: ${coding}`), bomb)).toBe(400);
      expect(await status(POST, json(`Content-Encoding: ${coding}`), gzipSync(BODY))).toBe(400);
      expect(await status('POST /v1/keys', json(`Content-Encoding: ${coding}`), bomb)).toBe(400);
    }
  });

  it('in other texts than UTF-8 are refused', async () => {
    const others = [
      Buffer.from(BODY, 'utf16le'),
      Buffer.from(`\ufeff${BODY}`, 'utf16le').swap16(),
      Buffer.from([0xff, 0xfe]),
    ];
    for (const body of others) {
      expect(await status(POST, json(), body)).toBe(400);
      expect(await status(POST, [key(), 'Content-Type: application/json; charset=utf-16'], body)).toBe(400);
      expect(await status('POST /v1/keys', json(), body)).toBe(400);
    }
    const latin = Buffer.from(BODY.replace('Code', 'Codé'), 'latin1');
    expect(await status(POST, json(), latin)).toBe(400);
  });
});

it('a socket that gives half a request is cut, wherever it stopped', async () => {
  // The default agent of `fetch` is served all the while.
  expect((await call('GET', `${service.url}/livez`)).status).toBe(200);
  for (const answer of await Promise.all(dripped)) expect(answer).toMatch(/HTTP\/1\.1 408 /);
});

it('is unharmed by all of it, and sent nothing', async () => {
  await victim.audit();
  expect(victim.accepted).toBe(0);
  await expectUnharmed(service, [victim]);
});
