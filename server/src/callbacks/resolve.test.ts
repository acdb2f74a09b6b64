import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { parseIp } from '../values/ip-address.ts';
import { ownAddresses, resolveThrough } from './resolve.ts';

const [A, AAAA] = [1, 28];
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Zone = Readonly<Record<string, { readonly a?: string[]; readonly aaaa?: string[]; readonly broken?: number }>>;

/** A name server (RFC 1035 §4) that knows these hosts; `broken` answers SERVFAIL to questions of that type. */
async function nameServer(zone: Zone): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const type = query.readUInt16BE(at + 1);
    const host = zone[labels.join('.')];
    const found = (type === A ? host?.a : host?.aaaa) ?? [];
    const code = host === undefined ? 3 : host.broken === type ? 2 : 0;
    const head = Buffer.from([query[0] ?? 0, query[1] ?? 0, 0x81, 0x80 | code, 0, 1, 0, found.length, 0, 0, 0, 0]);
    const answers = found.map((address) => {
      const data = bytesOf(address);
      return Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length, ...data]);
    });
    socket.send(Buffer.concat([head, query.subarray(12, at + 5), ...answers]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closing.push(() => socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

function bytesOf(address: string): number[] {
  const ip = parseIp(address);
  const count = ip?.family === 4 ? 4 : 16;
  return Array.from({ length: count }, (_, i) => Number(((ip?.value ?? 0n) >> BigInt(8 * (count - 1 - i))) & 0xffn));
}

test('both kinds of address are found, and either alone will do', async () => {
  const resolve = resolveThrough([
    await nameServer({
      'both.example': { a: ['192.0.2.1', '192.0.2.2'], aaaa: ['2001:db8::1'] },
      'four.example': { a: ['192.0.2.3'], broken: AAAA },
      'six.example': { aaaa: ['2001:db8::2'] },
    }),
  ]);
  expect(await resolve('both.example', false)).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::1']);
  expect(await resolve('four.example', false)).toEqual(['192.0.2.3']);
  expect(await resolve('six.example', false)).toEqual(['2001:db8::2']);
});

test('a host that is not there, or has no address, is an error', async () => {
  const resolve = resolveThrough([await nameServer({ 'empty.example': {} })]);
  await expect(resolve('nobody.example', false)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(resolve('empty.example', false)).rejects.toMatchObject({ code: 'ENODATA' });
});

test('hosts of the operator are found as this machine finds them', async () => {
  expect(await resolveThrough(['127.0.0.1:9'])('localhost', true)).toContain('127.0.0.1');
});

test('this machine knows its own addresses', () => {
  expect(ownAddresses()).toContain('127.0.0.1');
});
