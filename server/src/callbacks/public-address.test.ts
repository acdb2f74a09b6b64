import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { parseIp } from '../values/ip-address.ts';
import { isPublic } from './public-address.ts';

function judge(text: string): boolean {
  const ip = parseIp(text);
  if (ip === null) throw new Error(`${text} is no address`);
  return isPublic(ip);
}

// The first and the last address of each special block, by the registries at iana.org/assignments/iana-ipv4-special-registry and …-ipv6-…
it.each([
  ...['0.0.0.0', '0.255.255.255', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255', '127.0.0.0'],
  ...['127.255.255.255', '168.63.129.16', '169.254.0.0', '169.254.169.254', '169.254.255.255', '172.16.0.0'],
  ...['172.31.255.255', '192.0.0.0', '192.0.0.255', '192.0.2.0', '192.0.2.255', '192.88.99.0', '192.88.99.255'],
  ...['192.168.0.0', '192.168.255.255', '198.18.0.0', '198.19.255.255', '198.51.100.0', '198.51.100.255'],
  ...['203.0.113.0', '203.0.113.255', '224.0.0.0', '239.255.255.255', '240.0.0.0', '255.255.255.255'],
  ...['::', '::1', '::7f00:1', '::8.8.8.8', '::ffff:0:8.8.8.8', '64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:808:808'],
  ...['100::', '100::1', '2001::', '2001:0:808:808::', '2001:2::1', '2001:10::1', '2001:2f::1', '2001:1ff:ffff::1'],
  ...['2001:db8::', '2001:db8:ffff::1', '3fff::', '3fff:fff:ffff::1', '5f00::1', '4000::', '1fff:ffff::1'],
  ...[
    'fc00::',
    'fdff:ffff::1',
    'fd00:ec2::254',
    'fe80::',
    'febf:ffff::1',
    'fec0::',
    'feff:ffff::1',
    'ff00::',
    'ff02::1',
  ],
])('%s is inside', (text) => {
  expect(judge(text)).toBe(false);
});

it.each([
  ...['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0'],
  ...[
    '168.63.129.15',
    '168.63.129.17',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '191.255.255.255',
  ],
  ...['192.0.1.0', '192.0.3.0', '192.88.98.255', '192.88.100.0', '192.167.255.255', '192.169.0.0', '198.17.255.255'],
  ...['198.20.0.0', '198.51.99.255', '198.51.101.0', '203.0.112.255', '203.0.114.0', '223.255.255.255', '8.8.8.8'],
  ...['2000::', '2001:200::', '2001:db7:ffff::1', '2001:db9::', '2606:4700:4700::1111', '2a00:1450::1', '3ffe:ffff::1'],
])('%s is public', (text) => {
  expect(judge(text)).toBe(true);
});

test('an IPv6 address that carries an IPv4 one is judged by it', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 0, max: 0xffff }), (v4, rest) => {
      const [a = 0, b = 0, c = 0, d = 0] = v4.split('.').map(Number);
      const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
      const plain = judge(v4);
      for (const text of [`::ffff:${v4}`, `::ffff:${hex}`, `64:ff9b::${v4}`, `2002:${hex}::${rest.toString(16)}`]) {
        expect(judge(text), text).toBe(plain);
      }
    }),
    {
      examples: [
        ['127.0.0.1', 0],
        ['169.254.169.254', 1],
        ['8.8.8.8', 2],
      ],
    },
  );
});
