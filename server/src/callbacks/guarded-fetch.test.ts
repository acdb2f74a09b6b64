import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import type { LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test } from 'vitest';
import { ManualClock } from '../values/manual-clock.ts';
import { type AllowList, NOTHING_ALLOWED, parseAllowList } from './allow-list.ts';
import type { CallbackUrl } from './callback-url.ts';
import { guard } from './guard.ts';
import { BODY_BYTES, type GuardedFetchDeps, guardedFetch, TOTAL_MS } from './guarded-fetch.ts';
import { hostileUrls } from './hostile-urls.ts';
import { loopbackReceiver, OK, type Received, type ReceiverOptions, statusLine } from './loopback-receiver.ts';
import type { Resolve } from './resolve.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function receiver(answer: (request: Received) => void, options?: ReceiverOptions) {
  const opened = await loopbackReceiver(answer, options);
  closing.push(opened.close);
  return opened;
}

function allowing(text: string): AllowList {
  const read = parseAllowList(text);
  if ('fault' in read) throw new Error(read.fault);
  return read.value;
}

const LOCAL = allowing('127.0.0.1');

interface Fetching extends Pick<Partial<GuardedFetchDeps>, 'ca' | 'load'> {
  readonly allow?: AllowList;
  readonly resolve?: Resolve;
}

function fetching({ allow = LOCAL, resolve = nobody, ...rest }: Fetching = {}) {
  const clock = new ManualClock();
  const judge = guard({ allow, resolve, own: () => [] });
  const fetch = guardedFetch({ guard: judge, clock, userAgent: 'Passbell/test', ...rest });
  closing.push(fetch.close);
  const post = (text: string | CallbackUrl, body = '{}') => fetch.post(urlOf(text), { 'webhook-id': 'cb_1' }, body);
  return { clock, fetch, post };
}

const nobody: Resolve = () => Promise.reject(new Error('ENOTFOUND'));

function urlOf(text: string | CallbackUrl): CallbackUrl {
  if (typeof text !== 'string') return text;
  // The edge would refuse what is tested here to be refused at the connection as well.
  const { href, origin, hostname, pathname, search } = new URL(text);
  return { href, origin, host: hostname.replace(/^\[(.*)\]$/, '$1'), path: pathname + search };
}

/** Resolves as soon as the receiver has been asked. */
function asked(): { promise: Promise<Received>; answer: (request: Received) => void } {
  const { promise, resolve } = Promise.withResolvers<Received>();
  return { promise, answer: resolve };
}

describe('what is sent', () => {
  test('one POST of JSON, with the headers that sign it', async () => {
    const { received, port } = await receiver(({ socket }) => socket.write(OK));
    const { post } = fetching();
    expect(await post(`http://127.0.0.1:${port}/a/b?c=d`, '{"é":1}')).toEqual({
      kind: 'answered',
      status: 204,
      retryAfter: null,
    });
    expect(received[0]?.head).toMatch(/^POST \/a\/b\?c=d HTTP\/1\.1\r\n/);
    expect(received[0]?.body).toBe('{"é":1}');
    expect(received[0]?.headers).toMatchObject({
      host: `127.0.0.1:${port}`,
      'content-type': 'application/json',
      'content-length': '8',
      'user-agent': 'Passbell/test',
      'webhook-id': 'cb_1',
    });
  });

  test('connections are used again', async () => {
    const target = await receiver(({ socket }) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
    const { post } = fetching();
    for (let i = 0; i < 5; i++) await post(`http://127.0.0.1:${target.port}/`);
    expect(target.received).toHaveLength(5);
    // The second one is opened while the first has not yet been put back.
    expect(target.connections).toBeLessThan(3);
  });
});

test('a client that could not be loaded is loaded anew for the next post, and closes all the same', async () => {
  const { port } = await receiver(({ socket }) => socket.write(OK));
  let loads = 0;
  const load = () => {
    loads += 1;
    return loads === 2
      ? Promise.all([import('undici'), import('./guarded-connect.ts')])
      : Promise.reject(new Error('no file descriptors left'));
  };
  const { fetch, post } = fetching({ load });
  await expect(post(`http://127.0.0.1:${port}/`)).rejects.toThrow('no file descriptors left');
  expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'answered', status: 204 });
  await fetch.close();
  loads = 2;
  const never = fetching({ load });
  const failing = expect(never.post(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  await Promise.all([never.fetch.close(), failing]);
});

describe('receivers that misbehave', () => {
  it.each([200, 299, 301, 302, 303, 307, 308, 404, 410, 429, 500, 503])('%i is an answer', async (status) => {
    const { port } = await receiver(({ socket }) => socket.write(statusLine(status, 'retry-after: 7')));
    const { post } = fetching();
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'answered', status, retryAfter: '7' });
  });

  it.each([301, 302, 303, 307, 308])('a redirect by %i is not followed, least of all inside', async (status) => {
    const canary = await receiver(({ socket }) => socket.write(OK));
    const location = `location: http://127.0.0.1:${canary.port}/`;
    const { port } = await receiver(({ socket }) => socket.write(statusLine(status, location)));
    const { post } = fetching();
    expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({ status });
    expect(canary.connections).toBe(0);
  });

  test('one that hangs is left after 15 s', async () => {
    const { promise, answer } = asked();
    const { port } = await receiver(answer);
    const { clock, post } = fetching();
    const result = post(`http://127.0.0.1:${port}/`);
    const { socket } = await promise;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    clock.advance(TOTAL_MS - 1);
    expect(await Promise.race([result, turn('still waiting')])).toBe('still waiting');
    clock.advance(1);
    expect(await result).toEqual({ kind: 'failed', reason: 'timeout' });
    await closed;
  });

  it.each(['HTTP/1.1 200 OK\r\nx: ', 'HTTP/1.1 100 Continue\r\n\r\n'])('%j for ever is no answer', async (drop) => {
    const { promise, answer } = asked();
    const { port } = await receiver((request) => {
      request.socket.write(drop);
      answer(request);
    });
    const { clock, post } = fetching();
    const result = post(`http://127.0.0.1:${port}/`);
    await promise;
    clock.advance(TOTAL_MS);
    expect(await result).toEqual({ kind: 'failed', reason: 'timeout' });
  });

  test('a dripping body is cut off after 15 s; its status counts', async () => {
    const { promise, answer } = asked();
    const { port } = await receiver((request) => {
      request.socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nx', () => answer(request));
    });
    const { clock, post } = fetching();
    const result = post(`http://127.0.0.1:${port}/`);
    const { socket } = await promise;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    // The head was written; a few turns later it was read as well.
    await turns(50);
    clock.advance(TOTAL_MS);
    expect(await result).toEqual({ kind: 'answered', status: 200, retryAfter: null });
    await closed;
  });

  it.each(['transfer-encoding: chunked', 'content-length: 999999999999', 'connection: close'])(
    'an endless body (%s) is cut off after 64 KB; its status counts',
    async (framing) => {
      const chunk = 'x'.repeat(1024);
      let sent = 0;
      const { promise, resolve } = Promise.withResolvers<void>();
      const { port } = await receiver(({ socket }) => {
        socket.on('close', () => resolve());
        socket.write(`HTTP/1.1 201 Created\r\n${framing}\r\n\r\n`);
        const more = () => {
          while (!socket.destroyed && socket.write(framing.startsWith('tr') ? `400\r\n${chunk}\r\n` : chunk))
            sent += 1024;
          sent += 1024;
        };
        socket.on('drain', more);
        more();
      });
      const { post } = fetching();
      expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'answered', status: 201 });
      await promise;
      // What the system's buffers hold was sent as well, and read by nobody.
      expect(sent).toBeLessThan(BODY_BYTES + 16 * 1024 * 1024);
    },
  );

  it.each([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['headers without an end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`],
    ['one header of 64 KB', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(65_536)}\r\n\r\n`],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx'],
    ['another protocol', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
  ])('%s is a broken answer', async (_name, bytes) => {
    const { port } = await receiver(({ socket }) => socket.write(bytes));
    const { post } = fetching();
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'failed', reason: 'broken' });
  });

  test('one that hangs up is broken, one that is not there unreachable', async () => {
    const gone = await receiver(({ socket }) => socket.destroy());
    const { post } = fetching();
    expect(await post(`http://127.0.0.1:${gone.port}/`)).toEqual({ kind: 'failed', reason: 'broken' });
    await gone.close();
    closing.splice(0, 1);
    expect(await post(`http://127.0.0.1:${gone.port}/`)).toEqual({ kind: 'failed', reason: 'unreachable' });
  });

  test('DNS that never answers is left after 15 s, and nothing leaves when it does answer', async () => {
    const target = await receiver(({ socket }) => socket.write(OK));
    const dns = Promise.withResolvers<readonly string[]>();
    const { promise: began, resolve: begin } = Promise.withResolvers<void>();
    const { clock, post } = fetching({
      resolve: () => {
        begin();
        return dns.promise;
      },
    });
    const result = post(`http://slow.example:${target.port}/`);
    await began;
    clock.advance(TOTAL_MS);
    expect(await result).toEqual({ kind: 'failed', reason: 'timeout' });
    dns.resolve(['127.0.0.1']);
    await turns(50);
    expect(target.received).toEqual([]);
  });

  test('closing breaks off what is under way, and nothing leaves after it', async () => {
    const { promise, answer } = asked();
    const target = await receiver(answer);
    const { fetch, post } = fetching();
    const result = post(`http://127.0.0.1:${target.port}/`);
    await promise;
    await fetch.close();
    expect(await result).toEqual({ kind: 'failed', reason: 'broken' });
    expect(await post(`http://127.0.0.1:${target.port}/`)).toEqual({ kind: 'failed', reason: 'broken' });
    expect(target.received).toHaveLength(1);
  });
});

describe('what callbacks cannot reach', () => {
  test('no hostile URL reaches loopback, even if it passed the edge', async () => {
    const v4 = await receiver(({ socket }) => socket.write(OK), { host: '0.0.0.0' });
    const v6 = await receiver(({ socket }) => socket.write(OK), { host: '::1', port: v4.port });
    const { post } = fetching({ allow: NOTHING_ALLOWED });
    const local = hostileUrls(v4.port).filter(
      (url) => URL.canParse(url) && /^https?:/.test(url) && url.includes(String(v4.port)),
    );
    expect(local.length).toBeGreaterThan(25);
    for (const url of local) {
      expect(await post(url), url).toEqual({
        kind: 'failed',
        reason: expect.stringMatching(/address_refused|host_unknown/),
      });
    }
    expect([v4.connections, v6.connections]).toEqual([0, 0]);
  });

  test('a name that points inside does not either', async () => {
    const canary = await receiver(({ socket }) => socket.write(OK));
    for (const inside of ['127.0.0.1', '::ffff:127.0.0.1', '::1', '0.0.0.0']) {
      const { post } = fetching({ allow: NOTHING_ALLOWED, resolve: async () => [inside] });
      expect(await post(`http://inside.example:${canary.port}/`)).toEqual({
        kind: 'failed',
        reason: 'address_refused',
      });
    }
    expect(canary.connections).toBe(0);
  });

  /** 127.0.0.2 stands for a public address, as no test may leave this machine: DNS says it first, and then 127.0.0.1. */
  function rebinding() {
    let questions = 0;
    const resolve: Resolve = async () => [++questions === 1 ? '127.0.0.2' : '127.0.0.1'];
    return { resolve, allow: allowing('127.0.0.2') };
  }

  test('DNS that changes its answer between the check and the connection changes nothing', async () => {
    const outside = await receiver(({ socket }) => socket.write(statusLine(200, 'connection: close')), {
      host: '127.0.0.2',
    });
    const canary = await receiver(({ socket }) => socket.write(OK), { port: outside.port });
    const { post } = fetching(rebinding());
    expect(await post(`http://rebind.example:${outside.port}/`)).toMatchObject({ kind: 'answered', status: 200 });
    // The next connection asks again, and is refused.
    expect(await post(`http://rebind.example:${outside.port}/`)).toEqual({ kind: 'failed', reason: 'address_refused' });
    expect([outside.received.length, canary.connections]).toEqual([1, 0]);
  });

  test('control: a check that leaves the connection to resolve again is led inside', async () => {
    const canary = await receiver(({ socket }) => socket.write(statusLine(200, 'connection: close')));
    const { resolve, allow } = rebinding();
    await guard({ allow, resolve, own: () => [] })('rebind.example');
    const lookup: LookupFunction = async (host, { all }, callback) => {
      const [address = ''] = await resolve(host, false);
      if (all) callback(null, [{ address, family: 4 }]);
      else callback(null, address, 4);
    };
    await new Promise((done) => {
      request({ host: 'rebind.example', port: canary.port, method: 'POST', agent: false, lookup }, done).end('{}');
    });
    expect(canary.received).toHaveLength(1);
  });

  test('of several addresses the next is tried when one does not answer', async () => {
    const target = await receiver(({ socket }) => socket.write(OK), { host: '127.0.0.3' });
    const { post } = fetching({ allow: allowing('127.0.0.0/8'), resolve: async () => ['127.0.0.2', '127.0.0.3'] });
    expect(await post(`http://two.example:${target.port}/`)).toMatchObject({ status: 204 });
  });
});

describe('TLS', () => {
  const tls = certificate('receiver.example');

  test('is verified for the host of the URL, which is also asked for by name', async () => {
    const names: unknown[] = [];
    const target = await receiver(
      ({ socket }) => {
        names.push('servername' in socket && socket.servername);
        socket.write(OK);
      },
      { tls },
    );
    const resolve: Resolve = async () => ['127.0.0.1'];
    const { post } = fetching({ resolve, ca: tls.cert });
    expect(await post(`https://receiver.example:${target.port}/`)).toMatchObject({ status: 204 });
    expect(names).toEqual(['receiver.example']);
    expect(await post(`https://other.example:${target.port}/`)).toEqual({ kind: 'failed', reason: 'tls' });
    expect(await post(`https://127.0.0.1:${target.port}/`)).toEqual({ kind: 'failed', reason: 'tls' });
    expect(target.received).toHaveLength(1);
  });

  test('an unknown authority is no authority, and no variable of the environment makes it one', async () => {
    const target = await receiver(({ socket }) => socket.write(OK), { tls });
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const { post } = fetching({ resolve: async () => ['127.0.0.1'] });
      expect(await post(`https://receiver.example:${target.port}/`)).toEqual({ kind: 'failed', reason: 'tls' });
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });

  test('a receiver that speaks no TLS gets nothing in clear', async () => {
    const target = await receiver(({ socket }) => socket.write(OK));
    const { post, clock } = fetching({ resolve: async () => ['127.0.0.1'] });
    const result = post(`https://receiver.example:${target.port}/`);
    while (target.connections === 0) await turn(null);
    clock.advance(TOTAL_MS);
    expect(await result).toMatchObject({ kind: 'failed' });
    expect(target.received).toEqual([]);
  });
});

function certificate(host: string): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'passbell-callback-'));
  const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', 'cert.pem', ...names], { cwd: folder, stdio: 'ignore' });
  const pem = {
    key: readFileSync(join(folder, 'key.pem'), 'utf8'),
    cert: readFileSync(join(folder, 'cert.pem'), 'utf8'),
  };
  rmSync(folder, { recursive: true });
  return pem;
}

function turn<T>(value: T): Promise<T> {
  return new Promise((resolve) => setImmediate(resolve, value));
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn(null);
}
