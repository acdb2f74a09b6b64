import { BlockList } from 'node:net';
import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { parseCidr, parseIp, unmapped, within } from './ip-address.ts';

const v4 = fc.ipV4();
const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 });
const hex = (group: number) => group.toString(16);

/** The same address, written in every way that RFC 4291 §2.2 allows. */
function spellings(address: readonly number[]): string[] {
  const plain = address.map(hex).join(':');
  const [high = 0, low = 0] = address.slice(6);
  const dotted = [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const mixed = `${address.slice(0, 6).map(hex).join(':')}:${dotted}`;
  const shortest = new URL(`http://[${plain}]/`).hostname.slice(1, -1);
  const zeros = address.indexOf(0);
  const oneZero =
    zeros < 0
      ? plain
      : [address.slice(0, zeros), address.slice(zeros + 1)].map((half) => half.map(hex).join(':')).join('::');
  return [
    plain,
    mixed,
    shortest,
    oneZero,
    plain.toUpperCase(),
    address.map((group) => hex(group).padStart(4, '0')).join(':'),
  ];
}

test('all spellings of one address are one address', () => {
  fc.assert(
    fc.property(groups, (address) => {
      const value = address.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
      for (const text of spellings(address)) expect(parseIp(text), text).toEqual({ family: 6, value });
    }),
  );
});

test('IPv4 is read as the system reads it', () => {
  expect(parseIp('1.2.3.4')).toEqual({ family: 4, value: 0x01020304n });
  expect(parseIp('255.255.255.255')?.value).toBe(0xffff_ffffn);
});

it.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '0x7f.1',
  '256.0.0.1',
  '1.2.3.4 ',
  ':',
  ':::',
  '1::2::3',
  'fe80::1%lo',
  '::1/128',
  'a.b',
])('%j is no address', (text) => {
  expect(parseIp(text)).toBeNull();
});

test('whether an address is in a block is what the system says as well', () => {
  const cidr = fc.oneof(
    fc.tuple(v4, fc.integer({ min: 0, max: 32 }), fc.constant('ipv4' as const)),
    fc.tuple(
      groups.map((all) => all.map(hex).join(':')),
      fc.integer({ min: 0, max: 128 }),
      fc.constant('ipv6' as const),
    ),
  );
  fc.assert(
    fc.property(cidr, fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), ([network, bits, family], noise) => {
      const block = parseCidr(`${network}/${bits}`);
      if (block === null) throw new Error(`${network}/${bits}`);
      const theirs = new BlockList();
      theirs.addSubnet(network, bits, family);
      const width = family === 'ipv4' ? 32n : 128n;
      // Near the block: its own bits, and noise in those that follow, one bit of overlap included.
      const free = width - BigInt(bits) + 1n;
      const value = (block.value ^ (noise & ((1n << free) - 1n))) & ((1n << width) - 1n);
      const text = write(value, family);
      const ours = within(block, parseIp(text) ?? { family: 4, value: 0n });
      expect(ours, `${network}/${bits} ${text}`).toBe(theirs.check(text, family));
    }),
  );
});

it.each(['10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/', '10.0.0.0/8/8', '::/129', 'localhost/8', '10.0.0.0/1e1'])(
  '%j is no CIDR',
  (text) => {
    expect(parseCidr(text)).toBeNull();
  },
);

test('an address alone is a block of one', () => {
  expect(parseCidr('10.1.2.3')).toEqual({ family: 4, value: 0x0a010203n, bits: 32 });
  expect(parseCidr('10.1.2.3/8')).toEqual(parseCidr('10.0.0.0/8'));
});

test('a mapped address is the IPv4 address in it', () => {
  fc.assert(
    fc.property(v4, (address) => {
      const ip = parseIp(`::ffff:${address}`);
      expect(ip && unmapped(ip)).toEqual(parseIp(address));
    }),
  );
  const other = parseIp('::fffe:1.2.3.4');
  expect(other && unmapped(other)).toEqual(other);
});

function write(value: bigint, family: 'ipv4' | 'ipv6'): string {
  const [count, bits] = family === 'ipv4' ? [4, 8n] : [8, 16n];
  const parts = Array.from(
    { length: count },
    (_, i) => (value >> (bits * BigInt(count - 1 - i))) & ((1n << bits) - 1n),
  );
  return family === 'ipv4' ? parts.join('.') : parts.map((part) => part.toString(16)).join(':');
}
