import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../../values/manual-clock.ts';
import { seededRandom } from '../../../../values/seeded-random.ts';
import { sipHeaders } from '../message/sip-headers.ts';
import { NO_BODY } from '../message/sip-message.ts';
import { locate, type Place } from './locate.ts';
import type { Resolver, SrvRecord } from './resolver.ts';
import { retryAfterMs } from './retry-after.ts';
import { srvOrder } from './srv-order.ts';
import { trunkTargets } from './trunk-targets.ts';

const random = seededRandom(3);

/** A zone of names; what it does not have is not there. */
function zone(addresses: Record<string, string[]>, srv: Record<string, SrvRecord[]> = {}) {
  const asked: string[] = [];
  const resolver: Resolver = {
    async srv(name) {
      asked.push(`SRV ${name}`);
      return srv[name] ?? [];
    },
    async addresses(host) {
      asked.push(host);
      return addresses[host] ?? [];
    },
  };
  return { resolver, asked };
}

const srv = (name: string, priority = 0, weight = 0, port = 5_070): SrvRecord => ({ name, port, priority, weight });
const at = (place: Partial<Place>) => ({ host: 'sip.example', port: null, transport: 'udp' as const, ...place });
const where = async (place: Partial<Place>, resolver: Resolver) =>
  (await locate(at(place), resolver, random)).map(({ address, port }) => `${address}#${port}`);

test('an address is itself, at the port of its transport', async () => {
  const { resolver, asked } = zone({});
  expect(await where({ host: '192.0.2.1' }, resolver)).toEqual(['192.0.2.1#5060']);
  expect(await where({ host: '2001:db8::1', transport: 'tls' }, resolver)).toEqual(['2001:db8::1#5061']);
  expect(await where({ host: '192.0.2.1', port: 5_099, transport: 'tcp' }, resolver)).toEqual(['192.0.2.1#5099']);
  expect(asked).toEqual([]);
});

test('a name with a port is an address; without one its service record is asked first', async () => {
  const records = { '_sip._udp.sip.example': [srv('b.example', 2), srv('a.example', 1)] };
  const addresses = {
    'sip.example': ['192.0.2.9'],
    'a.example': ['192.0.2.1', '2001:db8::1'],
    'b.example': ['192.0.2.2'],
  };
  const { resolver, asked } = zone(addresses, records);
  expect(await where({ port: 5_090 }, resolver)).toEqual(['192.0.2.9#5090']);
  expect(asked).toEqual(['sip.example']);
  expect(await where({}, resolver)).toEqual(['192.0.2.1#5070', '2001:db8::1#5070', '192.0.2.2#5070']);
  expect(await where({ transport: 'tcp' }, resolver)).toEqual(['192.0.2.9#5060']);
});

test.each([
  ['udp', '_sip._udp.sip.example'],
  ['tcp', '_sip._tcp.sip.example'],
  ['tls', '_sips._tcp.sip.example'],
] as const)('the service over %s is %s', async (transport, name) => {
  const { resolver, asked } = zone({ 'sip.example': ['192.0.2.9'] });
  await where({ transport }, resolver);
  expect(asked[0]).toBe(`SRV ${name}`);
});

test('certificates are for the name that was written down, not for what the DNS made of it', async () => {
  const { resolver } = zone(
    { 'a.other.example': ['192.0.2.1'] },
    { '_sips._tcp.sip.example': [srv('a.other.example')] },
  );
  const [target] = await locate(at({ transport: 'tls' }), resolver, random);
  expect(target).toEqual({ transport: 'tls', address: '192.0.2.1', port: 5_070, serverName: 'sip.example' });
});

test('a service that is decidedly not there', async () => {
  const { resolver } = zone({ 'sip.example': ['192.0.2.9'] }, { '_sip._udp.sip.example': [srv('.')] });
  expect(await where({}, resolver)).toEqual([]);
});

test('where the service record cannot be had, or one of its hosts, the rest is taken', async () => {
  const fails = async () => Promise.reject(new Error('SERVFAIL'));
  const { resolver } = zone({ 'sip.example': ['192.0.2.9'] });
  expect(await where({}, { ...resolver, srv: fails })).toEqual(['192.0.2.9#5060']);
  await expect(where({}, { srv: fails, addresses: fails })).rejects.toThrow('SERVFAIL');
  const half: Resolver = {
    srv: async () => [srv('a.example'), srv('b.example')],
    addresses: async (host) => (host === 'b.example' ? ['192.0.2.2'] : fails()),
  };
  expect(await where({}, half)).toEqual(['192.0.2.2#5070']);
});

test('a zone cannot send a call round the world', async () => {
  const many = Array.from({ length: 50 }, (_, i) => `192.0.2.${i}`);
  const { resolver } = zone({ 'a.example': many }, { '_sip._udp.sip.example': [srv('a.example')] });
  expect(await where({}, resolver)).toHaveLength(8);
});

test('service records: all of them, by priority, whatever their weights', () => {
  const record = fc.record({
    ...{ name: fc.string(), port: fc.nat() },
    ...{ priority: fc.nat(3), weight: fc.nat(100) },
  });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 12 }), fc.nat(), (records, seed) => {
      const ordered = srvOrder(records, seededRandom(seed));
      expect(new Set(ordered)).toEqual(new Set(records));
      expect(ordered.map(({ priority }) => priority)).toEqual(records.map(({ priority }) => priority).sort());
    }),
  );
});

test('a weight is a share of the calls', () => {
  const records = [srv('heavy', 1, 30), srv('light', 1, 10), srv('none', 1, 0)];
  const first = Array.from({ length: 4_100 }, () => srvOrder(records, random)[0]?.name);
  const share = (name: string) => first.filter((one) => one === name).length;
  expect(share('heavy')).toBeGreaterThan(2_800);
  expect(share('light')).toBeGreaterThan(850);
  expect(share('none')).toBeGreaterThan(0);
});

function trunk(resolver: Resolver, ...hosts: string[]) {
  const clock = new ManualClock();
  let changes = 0;
  const places = hosts.map((host) => at({ host, port: 5_060 }));
  const noticed: number[] = [];
  const leftAlone = (_: unknown, ms: number) => void noticed.push(ms);
  const targets = trunkTargets({ places, resolver, clock, random, leftAlone, changed: () => changes++ });
  const chosen = async () => (await targets.choose()).map(({ address }) => address);
  const first = async () => {
    const [target] = await targets.choose();
    if (target === undefined) throw new Error('no target');
    return target;
  };
  return { clock, targets, chosen, first, noticed, changes: () => changes };
}

test('a target that says nothing is left alone for a while, each time for longer', async () => {
  const { clock, targets, chosen, first, changes, noticed } = trunk(zone({}).resolver, '192.0.2.1', '192.0.2.2');
  const target = await first();
  for (const ms of [15_000, 30_000, 60_000, 120_000, 120_000]) {
    targets.silent(target);
    targets.silent(target); // Of another call under way.
    expect(targets.count()).toEqual({ known: 2, out: 1, resolved: true });
    clock.advance(ms - 1);
    expect(await chosen()).toEqual(['192.0.2.2']);
    const before = changes();
    clock.advance(1);
    expect(changes()).toBeGreaterThan(before);
    expect(await chosen()).toEqual(['192.0.2.1', '192.0.2.2']);
  }
  expect(noticed).toEqual([15_000, 30_000, 60_000, 120_000, 120_000]);
  targets.answered(target);
  targets.silent(target);
  clock.advance(15_000);
  expect(await chosen()).toHaveLength(2);
});

test('a target that asks to be left alone is, within bounds', async () => {
  const { clock, targets, chosen, first } = trunk(zone({}).resolver, '192.0.2.1');
  targets.asked(await first(), 20_000);
  targets.answered(
    await first().catch(() => ({ transport: 'udp', address: '192.0.2.1', port: 5_060, serverName: '' })),
  );
  expect(await chosen()).toEqual([]);
  clock.advance(20_000);
  targets.asked(await first(), 86_400_000);
  clock.advance(300_000);
  expect(await chosen()).toEqual(['192.0.2.1']);
});

test('names are asked for once a minute, and by all who wait at once', async () => {
  const { resolver, asked } = zone({ a: ['192.0.2.1'] });
  const { clock, chosen } = trunk(resolver, 'a');
  await Promise.all([chosen(), chosen()]);
  clock.advance(59_999);
  await chosen();
  expect(asked).toEqual(['a']);
  clock.advance(1);
  await chosen();
  expect(asked).toEqual(['a', 'a']);
});

test('what the DNS said last is used while it says nothing, and while it hangs', async () => {
  let answer: () => Promise<string[]> = async () => ['192.0.2.1'];
  const { clock, chosen } = trunk({ srv: async () => [], addresses: () => answer() }, 'a');
  expect(await chosen()).toEqual(['192.0.2.1']);
  for (const worse of [async () => [], () => Promise.reject(new Error('SERVFAIL'))]) {
    clock.advance(60_000);
    answer = worse;
    expect(await chosen()).toEqual(['192.0.2.1']);
  }
  clock.advance(60_000);
  answer = () => new Promise(() => {});
  const waits = chosen();
  clock.advance(3_000);
  expect(await waits).toEqual(['192.0.2.1']);
});

test('a name that never resolved is asked for by each call', async () => {
  const { resolver, asked } = zone({});
  const { targets, chosen } = trunk(resolver, 'a');
  expect(await chosen()).toEqual([]);
  expect(targets.count()).toEqual({ known: 0, out: 0, resolved: false });
  await chosen();
  expect(asked).toEqual(['a', 'a']);
});

test.each([
  ['30', 30_000],
  ['18000;duration=3600', 18_000_000],
  ['120 (I am in a meeting)', 120_000],
  ['0', null],
  ['soon', null],
  ['-1', null],
  [undefined, null],
])('Retry-After: %s', (value, ms) => {
  const headers = sipHeaders(value === undefined ? [] : [['Retry-After', value]]);
  expect(retryAfterMs({ kind: 'response', status: 503, reason: '', headers, body: NO_BODY })).toBe(ms);
});
