import { afterEach, expect, test } from 'vitest';
import { silentLog } from '../../../../observe/log.ts';
import { ManualClock } from '../../../../values/manual-clock.ts';
import { seededRandom } from '../../../../values/seeded-random.ts';
import { type CountingSipStack, openSipStack } from '../stack.ts';
import { exampleRequest } from '../stack-example.ts';
import type { Target } from './target.ts';

const stacks: CountingSipStack[] = [];
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
});

async function opened(v4: string | null, v6: string | null, port = 0): Promise<CountingSipStack> {
  const clock = new ManualClock();
  const stack = await openSipStack({
    clock,
    random: seededRandom(1),
    log: silentLog,
    listen: { v4, v6, port },
    tls: { ca: null },
  });
  stacks.push(stack);
  return stack;
}

const udp = (address: string, port: number): Target => ({ transport: 'udp', address, port, serverName: address });

test.each([
  ['127.0.0.1', '0.0.0.0', null],
  ['::1', null, '::'],
])('two stacks talk over %s; the wildcard is not what Via says', async (address, v4, v6) => {
  const [us, them] = [await opened(v4, v6), await opened(v4, v6)];
  const { port } = await them.local(udp(address, 9));
  const local = await us.local(udp(address, port));
  expect(local.host).toBe(address);
  const vias: string[] = [];
  them.onRequest((request, respond, from) => {
    vias.push(request.headers.get('via') ?? '');
    expect(from).toMatchObject({ transport: 'udp', address, port: local.port });
    respond({ status: 200 });
  });
  const status = await new Promise((resolve) => {
    us.request(exampleRequest('OPTIONS'), udp(address, port), {
      response: (response) => resolve(response.status),
      lost: resolve,
    });
  });
  expect(status).toBe(200);
  const shown = address.includes(':') ? `[${address}]` : address;
  expect(vias[0]?.startsWith(`SIP/2.0/UDP ${shown}:${local.port};branch=z9hG4bK`)).toBe(true);
});

test('a port that is taken, and an address that is not ours', async () => {
  const { port } = await (await opened('127.0.0.1', null)).local(udp('127.0.0.1', 9));
  await expect(opened('127.0.0.1', null, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await expect(opened('192.0.2.1', null)).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  // Of two families, the one that could be had is given back.
  await expect(opened('127.0.0.1', '2001:db8::1', 0)).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
});

test('a message too long for any datagram is lost at once', async () => {
  const us = await opened('127.0.0.1', null);
  const why = await new Promise((resolve) => {
    const large = { ...exampleRequest('MESSAGE'), body: Buffer.alloc(66_000) };
    us.request(large, udp('127.0.0.1', 9), { response: resolve, lost: resolve });
  });
  expect(why).toBe('transport');
});

test('closed: timers that are still to come do nothing, and nobody is told', async () => {
  const clock = new ManualClock();
  const listen = { v4: '127.0.0.1', v6: null, port: 0 };
  const us = await openSipStack({ clock, random: seededRandom(1), log: silentLog, listen, tls: { ca: null } });
  const far = await opened('127.0.0.1', null);
  const { port } = await far.local(udp('127.0.0.1', 9));
  const told: unknown[] = [];
  const came = new Promise<void>((resolve) => far.onRequest(() => resolve()));
  us.request(exampleRequest('INVITE'), udp('127.0.0.1', port), {
    response: (response) => told.push(response),
    lost: (why) => told.push(why),
  });
  await came;
  await us.close();
  await us.close();
  clock.advance(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual([]);
});
