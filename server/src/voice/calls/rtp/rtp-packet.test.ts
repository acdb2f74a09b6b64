import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRtp, writeRtpHeader } from './rtp-packet.ts';

const HEADER = { marker: true, payloadType: 101, sequence: 0xfffe, timestamp: 0xfedcba98, ssrc: 0x80000001 };

function packet(payload: Uint8Array, flags = 0x80): Buffer {
  const header = Buffer.alloc(12);
  writeRtpHeader(header, HEADER);
  header[0] = flags;
  return Buffer.concat([header, payload]);
}

test('writes the header of RFC 3550', () => {
  expect(packet(Buffer.alloc(0)).toString('hex')).toBe('80e5fffefedcba9880000001');
});

test('reads what was written', () => {
  expect(readRtp(packet(Buffer.alloc(160)))).toEqual({
    payloadType: 101,
    sequence: 0xfffe,
    timestamp: 0xfedcba98,
    ssrc: 0x80000001,
    start: 12,
    end: 172,
  });
});

test('finds the payload behind contributing sources and an extension, and before padding', () => {
  const sources = Buffer.alloc(8);
  const extension = Buffer.from('bede0001aabbccdd', 'hex');
  const bytes = packet(Buffer.concat([sources, extension, Buffer.from('payload'), Buffer.of(0, 0, 3)]), 0xb2);
  const read = readRtp(bytes);
  expect(bytes.toString('latin1', read?.start, read?.end)).toBe('payload');
});

test.for([
  ['nothing', Buffer.alloc(0)],
  ['less than a header', packet(Buffer.alloc(0)).subarray(0, 11)],
  ['version 1', packet(Buffer.alloc(160), 0x40)],
  ['version 0, as STUN has', packet(Buffer.alloc(160), 0x00)],
  ['more contributing sources than octets', packet(Buffer.alloc(8), 0x8f)],
  ['an extension without its header', packet(Buffer.alloc(3), 0x90)],
  ['an extension longer than the packet', packet(Buffer.from('bede0100aabbccdd', 'hex'), 0x90)],
  ['padding of nothing', packet(Buffer.of(1, 2, 0), 0xa0)],
  ['padding longer than the payload', packet(Buffer.of(1, 2, 4), 0xa0)],
] as const)('refuses %s', ([, bytes]) => {
  expect(readRtp(bytes)).toBeNull();
});

test('whatever comes, the payload lies inside the datagram', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const read = readRtp(Buffer.from(bytes));
      if (read === null) return;
      expect(read.start).toBeGreaterThanOrEqual(12);
      expect(read.end).toBeGreaterThanOrEqual(read.start);
      expect(read.end).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 2000 },
  );
});
