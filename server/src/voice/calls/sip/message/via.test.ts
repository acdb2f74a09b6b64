import { expect, test } from 'vitest';
import { parseCSeq } from './cseq.ts';
import { parseVia, writeVia } from './via.ts';

test('a Via reads and writes', () => {
  const via = {
    transport: 'TLS',
    host: '2001:db8::1',
    port: 5061,
    params: [
      ['rport', null],
      ['branch', 'z9hG4bK/=='],
    ],
  } as const;
  expect(writeVia(via)).toBe('SIP/2.0/TLS [2001:db8::1]:5061;rport;branch=z9hG4bK/==');
  expect(parseVia(writeVia(via))).toEqual(via);
  expect(parseVia('SIP / 2.0 / udp  First.example.com : 4000 ;ttl=16 ; branch = z9')).toEqual({
    transport: 'UDP',
    host: 'first.example.com',
    port: 4000,
    params: [
      ['ttl', '16'],
      ['branch', 'z9'],
    ],
  });
});

test.each(['', 'SIP/2.0/UDP', 'SIP/2.0/UDP ;branch=x', 'SIP/2.0/UDP a b', 'SIP/2.0/UDP a;;', 'HTTP/1.1/TCP a'])(
  '%j is no Via',
  (value) => {
    expect(parseVia(value)).toBeNull();
  },
);

test('CSeq', () => {
  expect(parseCSeq('0009 INVITE')).toEqual({ number: 9, method: 'INVITE' });
  expect(parseCSeq('0 BYE')).toEqual({ number: 0, method: 'BYE' });
  expect(parseCSeq('4294967295 BYE')).toEqual({ number: 4294967295, method: 'BYE' });
  for (const value of ['', 'INVITE', '1', '-1 BYE', '4294967296 BYE', '1 A B', '1.5 BYE'])
    expect(parseCSeq(value)).toBeNull();
});
