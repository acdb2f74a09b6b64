import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { dial, errorCode, type TlsRules } from './dial.ts';

const folder = mkdtempSync(join(tmpdir(), 'passbell-tls-'));
const never = new AbortController().signal;
const servers: Server[] = [];

/** Node.js has no signer of certificates. */
function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
}

beforeAll(() => {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA', '-days', '2');
  openssl(
    'req',
    ...key,
    '-keyout',
    'smsc.key',
    '-out',
    'smsc.csr',
    '-subj',
    '/CN=smsc.example',
    '-addext',
    'subjectAltName=DNS:smsc.example',
  );
  openssl(
    'x509',
    '-req',
    '-in',
    'smsc.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-copy_extensions',
    'copy',
    '-days',
    '2',
    '-out',
    'smsc.pem',
  );
});
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});
afterAll(() => rmSync(folder, { recursive: true }));

const pem = (name: string) => readFileSync(join(folder, name), 'utf8');

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function tlsServer(): Promise<number> {
  const server = createTlsServer({ key: pem('smsc.key'), cert: pem('smsc.pem') }, (socket) => socket.end('hello'));
  server.on('tlsClientError', () => {});
  return listen(server);
}

async function heard(port: number, tls: TlsRules | null): Promise<string> {
  const socket = await dial({ host: '127.0.0.1', port, tls }, never);
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

const rules = (over: Partial<TlsRules>): TlsRules => ({ ca: null, servername: null, insecure: false, ...over });
const code = (dialing: Promise<unknown>) => dialing.then(() => 'connected', errorCode);

test('in the clear', async () => {
  const port = await listen(createTcpServer((socket) => socket.end('hello')));
  expect(await heard(port, null)).toBe('hello');
});

test('TLS, with a certificate of a known authority for the right name', async () => {
  const port = await tlsServer();
  expect(await heard(port, rules({ ca: pem('ca.pem'), servername: 'smsc.example' }))).toBe('hello');
});

test('a certificate that nobody known has signed is refused', async () => {
  expect(await code(heard(await tlsServer(), rules({ servername: 'smsc.example' })))).toBe(
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  );
});

test('a certificate for another name is refused', async () => {
  const port = await tlsServer();
  const ca = pem('ca.pem');
  expect(await code(heard(port, rules({ ca, servername: 'other.example' })))).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await code(heard(port, rules({ ca })))).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
});

test('any certificate is taken where the operator says so', async () => {
  expect(await heard(await tlsServer(), rules({ insecure: true }))).toBe('hello');
});

test('nobody there, and nobody who answers', async () => {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  expect(await code(heard(port, null))).toBe('ECONNREFUSED');

  // It takes the connection and never says a word of TLS.
  const mute = await listen(createTcpServer((socket) => socket.resume()));
  const late = new AbortController();
  const dialing = code(dial({ host: '127.0.0.1', port: mute, tls: rules({}) }, late.signal));
  late.abort();
  expect(await dialing).toBe('ETIMEDOUT');
});

test('a call that was given up before it began', async () => {
  const port = await listen(createTcpServer((socket) => socket.end()));
  expect(await code(dial({ host: '127.0.0.1', port, tls: null }, AbortSignal.abort()))).toBe('ETIMEDOUT');
});
