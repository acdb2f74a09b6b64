import { expect, it, test } from 'vitest';
import { parseIp } from '../values/ip-address.ts';
import { parseAllowList } from './allow-list.ts';

function listed(text: string) {
  const read = parseAllowList(text);
  if ('fault' in read) throw new Error(read.fault);
  const { value } = read;
  return {
    host: value.host,
    address(one: string) {
      const ip = parseIp(one);
      return ip !== null && value.address(ip);
    },
  };
}

test('hosts, addresses and CIDRs stand side by side', () => {
  const { host, address } = listed('localhost, Receiver.Internal.,10.0.0.0/8 ,[::1],fd00::/8,192.168.1.7');
  expect([host('localhost'), host('receiver.internal'), host('sub.receiver.internal')]).toEqual([true, true, false]);
  expect(['10.9.9.9', '::1', 'fd12::1', '192.168.1.7'].map(address)).toEqual([true, true, true, true]);
  expect(['11.0.0.0', '::2', 'fe80::1', '192.168.1.8', '127.0.0.1'].map(address)).toEqual(Array(5).fill(false));
});

test('a mapped address is found under its IPv4 block', () => {
  expect(listed('127.0.0.0/8').address('::ffff:127.0.0.1')).toBe(true);
  expect(listed('::ffff:0:0/96').address('::ffff:10.0.0.1')).toBe(true);
});

it.each([
  '',
  'a,,b',
  'localhost:8080',
  'http://localhost',
  '10.0.0.0/33',
  '*.internal',
  'a b',
  'u@h',
  'h/p',
  '0x7f.1',
  '2130706433',
])('%j is refused, with the cure', (text) => {
  const read = parseAllowList(text);
  expect('fault' in read && read.fault).toMatch(/neither a host nor an address nor a CIDR; write /);
});

test('every wrong entry is named', () => {
  expect(parseAllowList('10.0.0.0/8,h:1,localhost,*.x')).toMatchObject({
    fault: expect.stringContaining("'h:1', '*.x'"),
  });
});
