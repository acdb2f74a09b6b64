import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../../../observe/log.ts';
import { ManualClock } from '../../../../values/manual-clock.ts';
import { seededRandom } from '../../../../values/seeded-random.ts';
import { writeSip } from '../message/write.ts';
import { type CountingSipStack, openSipStack } from '../stack.ts';
import { exampleRequest } from '../stack-example.ts';
import { type StreamFarEnd, streamFarEnd } from './stream-far-end.ts';
import type { Target } from './target.ts';

const folder = mkdtempSync(join(tmpdir(), 'passbell-sips-'));
const closers: (() => Promise<void>)[] = [];

/** Node.js has no signer of certificates. */
beforeAll(() => {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const san = ['-addext', 'subjectAltName=DNS:trunk.example'];
  openssl('req', '-x509', ...key, '-keyout', 'key.pem', '-out', 'cert.pem', '-subj', '/CN=trunk.example', ...san);
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const pem = (name: string) => readFileSync(join(folder, name), 'utf8');

async function opened(ca: string | null = null): Promise<{ stack: CountingSipStack; clock: ManualClock }> {
  const clock = new ManualClock();
  const listen = { v4: '127.0.0.1', v6: null, port: 0 };
  const stack = await openSipStack({ clock, random: seededRandom(1), log: silentLog, listen, tls: { ca } });
  closers.push(stack.close);
  return { stack, clock };
}

async function listening(options: Parameters<typeof streamFarEnd>[0] = {}): Promise<StreamFarEnd> {
  const far = await streamFarEnd(options);
  closers.push(far.close);
  return far;
}

const at = (port: number, transport: Target['transport'] = 'tcp', serverName = '127.0.0.1'): Target => ({
  transport,
  address: '127.0.0.1',
  port,
  serverName,
});

/** What comes of a request: a status, or why none came. */
function asked(stack: CountingSipStack, target: Target, method = 'OPTIONS'): Promise<string> {
  return new Promise((resolve) => {
    stack.request(exampleRequest(method), target, {
      response: (response) => resolve(String(response.status)),
      lost: resolve,
    });
  });
}

test('TCP: many requests over one connection, and Via names its port', async () => {
  const [{ stack }, far] = [await opened(), await listening()];
  const target = at(far.port);
  const answers = await Promise.all(Array.from({ length: 50 }, () => asked(stack, target)));
  expect(new Set(answers)).toEqual(new Set(['200']));
  expect(far.sockets.size).toBe(1);
  const local = await stack.local(target);
  expect(local).toEqual({ host: '127.0.0.1', port: [...far.sockets][0]?.remotePort });
  expect(far.got[0]?.headers.get('via')).toMatch(new RegExp(`^SIP/2.0/TCP 127.0.0.1:${local.port};branch=`));
});

test('TLS: verified by the name and the authority that were configured', async () => {
  const far = await listening({ tls: { key: pem('key.pem'), cert: pem('cert.pem') } });
  const { stack } = await opened(pem('cert.pem'));
  expect(await asked(stack, at(far.port, 'tls', 'trunk.example'))).toBe('200');
  expect(far.got[0]?.headers.get('via')).toMatch(/^SIP\/2.0\/TLS 127.0.0.1:/);
  expect(await asked(stack, at(far.port, 'tls', 'other.example'))).toBe('transport');
  expect(await asked(stack, at(far.port, 'tls'))).toBe('transport');
  const { stack: distrustful } = await opened();
  expect(await asked(distrustful, at(far.port, 'tls', 'trunk.example'))).toBe('transport');
  await expect(distrustful.local(at(far.port, 'tls', 'trunk.example'))).rejects.toMatchObject({
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  });
});

test('what the far end asks comes over our connection, and is answered over it', async () => {
  const [{ stack }, far] = [await opened(), await listening()];
  const heard: Target[] = [];
  stack.onRequest((_, respond, from) => {
    heard.push(from);
    respond({ status: 202 });
  });
  const target = at(far.port);
  await asked(stack, target);
  const [socket] = far.sockets;
  const via = ['Via', 'SIP/2.0/TCP far.example;branch=z9hG4bKfar'] as const;
  const answered = new Promise((resolve) => socket?.once('data', resolve));
  socket?.write(writeSip(exampleRequest('OPTIONS', 'far', [via])));
  expect(String(await answered)).toMatch(/^SIP\/2.0 202 /);
  expect(heard).toEqual([target]);
});

test('a broken connection loses what waits for an answer; the next request opens another', async () => {
  const [{ stack }, far] = [await opened(), await listening({ mute: true })];
  const came = far.next();
  const lost = asked(stack, at(far.port), 'INVITE');
  await came;
  for (const socket of far.sockets) socket.destroy();
  expect(await lost).toBe('transport');
  const again = far.next();
  void asked(stack, at(far.port));
  expect((await again).method).toBe('OPTIONS');
});

test('a far end that says nothing at all: after 32 s the connection is let go, too', async () => {
  const [{ stack, clock }, far] = [await opened(), await listening({ mute: true })];
  const came = far.next();
  const lost = asked(stack, at(far.port));
  await came;
  const closed = new Promise((resolve) => [...far.sockets][0]?.once('close', resolve));
  clock.advance(32_000);
  expect(await lost).toBe('timeout');
  await closed;
});

test('an idle connection is kept open with pings', async () => {
  const [{ stack, clock }, far] = [await opened(), await listening()];
  await asked(stack, at(far.port));
  const [socket] = far.sockets;
  clock.advance(30_000);
  const pinged = new Promise((resolve) => socket?.once('data', resolve));
  clock.advance(30_000);
  expect(await pinged).toEqual(Buffer.from('\r\n\r\n'));
});

test('nobody there, and nobody who takes the connection in 5 s', async () => {
  const far = await streamFarEnd();
  await far.close();
  const { stack, clock } = await opened();
  expect(await asked(stack, at(far.port))).toBe('transport');
  // It takes the connection, and never says a word of TLS.
  const mute = await listening();
  const local = stack.local(at(mute.port, 'tls'));
  clock.advance(5_000);
  await expect(local).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

test('a stream that cannot be cut is answered and closed, and no other is harmed', async () => {
  const [{ stack }, far, other] = [await opened(), await listening(), await listening()];
  await asked(stack, at(far.port));
  await asked(stack, at(other.port));
  const [socket] = far.sockets;
  const answered = new Promise((resolve) => socket?.once('data', resolve));
  const ended = new Promise((resolve) => socket?.once('end', resolve));
  const request = exampleRequest('OPTIONS', 'x', [['Via', 'SIP/2.0/TCP far.example;branch=z9hG4bKfar']]);
  socket?.write(writeSip(request).toString().replace('Content-Length: 0', 'Content-Length: -1'));
  expect(String(await answered)).toMatch(/^SIP\/2.0 400 /);
  await ended;
  expect(stack.faults.malformed).toBe(1);
  expect(await asked(stack, at(other.port))).toBe('200');
  expect(other.sockets.size).toBe(1);
});

test('a far end that does not read is given up, not waited for with all memory', async () => {
  const [{ stack }, far] = [await opened(), await listening({ mute: true })];
  const came = far.next();
  const first = asked(stack, at(far.port));
  await came;
  for (const socket of far.sockets) socket.pause();
  const large = { ...exampleRequest('MESSAGE'), body: Buffer.alloc(60_000) };
  const told: string[] = [];
  for (let times = 0; times < 400; times++) {
    stack.request(large, at(far.port), { response() {}, lost: (why) => told.push(why) });
  }
  expect(await first).toBe('transport');
  expect(told.length).toBeGreaterThan(0);
});

test('a target of IPv6 without a socket of it: no way there', async () => {
  const { stack } = await opened();
  const target: Target = { transport: 'udp', address: '::1', port: 5060, serverName: 'x' };
  expect(await asked(stack, target)).toBe('transport');
  await expect(stack.local(target)).rejects.toMatchObject({ code: 'EAFNOSUPPORT' });
});
