import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { type Host, hostList, hostText } from './host-list.ts';

it.each<[string, readonly Host[]]>([
  ['b.example.net', [{ host: 'b.example.net' }]],
  ['b.example.net:5062, 192.0.2.7', [{ host: 'b.example.net', port: 5062 }, { host: '192.0.2.7' }]],
  ['2001:db8::7', [{ host: '2001:db8::7' }]],
  ['[2001:db8::7]', [{ host: '2001:db8::7' }]],
  ['[2001:db8::7]:5062', [{ host: '2001:db8::7', port: 5062 }]],
  ['', []],
])('reads %j', (text, hosts) => {
  expect(hostList(text)).toEqual({ value: hosts });
});

it.each(['sip:b.example.net', 'b:x', 'b:', ':5060', '[b]:5060', '[2001:db8::7', 'b c', 'b:123456', 'ok,b:x'])(
  'refuses %j',
  (text) => {
    expect(hostList(text)).toEqual({ fault: expect.stringContaining('is not a host: write host or host:port') });
  },
);

test('what is written is read the same', () => {
  const name = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
  const host = fc.record({ host: name, port: fc.integer({ min: 1, max: 65_535 }) }, { requiredKeys: ['host'] });
  fc.assert(
    fc.property(fc.array(host, { maxLength: 7 }), (hosts) => {
      expect(hostList(hosts.map(hostText).join(','))).toEqual({ value: hosts });
    }),
  );
});
