import { expect, test } from 'vitest';
import { PduWriter } from './pdu-writer.ts';

const writer = (full: () => void = () => {}) => new PduWriter(full);

test('a PDU has its length, and what was written', () => {
  const out = writer();
  out.begin(0x80000004, 0x58, 0x7fffffff, 64);
  out.u8(1);
  out.u16(0x0203);
  out.cstring('ab', 21);
  out.octets(Uint8Array.of(9, 8));
  out.end();
  expect(out.take().octets.toString('hex')).toBe('00000018800000040000005' + '87fffffff0102036162000908');
});

test('PDUs that were written together are taken together', () => {
  const out = writer();
  for (const sequence of [1, 2, 3]) {
    out.begin(0x15, 0, sequence, 16);
    out.end();
  }
  const { octets } = out.take();
  expect(octets).toHaveLength(48);
  expect([octets.readUInt32BE(12), octets.readUInt32BE(28), octets.readUInt32BE(44)]).toEqual([1, 2, 3]);
  expect(out.length).toBe(0);
});

test('a C-octet string is cut to its field, and no character in it can end the field', () => {
  const out = writer();
  out.begin(4, 0, 1, 64);
  out.cstring('123456789', 6);
  out.cstring('a\0b\r\né\u{1f600}', 21);
  out.end();
  const body = out.take().octets.subarray(16).toString('latin1');
  expect(body).toBe('12345\0a?b?????\0');
});

test('a writer that is full hands over before it goes on', () => {
  const taken: number[] = [];
  const out: PduWriter = writer(() => taken.push(out.take().octets.length));
  for (let i = 0; i < 3; i++) {
    out.begin(4, 0, i, 16 + 30_000);
    out.octets(new Uint8Array(30_000));
    out.end();
  }
  expect(taken).toEqual([2 * 30_016]);
  expect(out.take().octets).toHaveLength(30_016);
});

test('a PDU larger than the pool finds room', () => {
  const out = writer();
  out.begin(4, 0, 1, 16 + 70_000);
  out.octets(new Uint8Array(70_000).fill(7));
  out.end();
  const { octets } = out.take();
  expect(octets.readUInt32BE(0)).toBe(70_016);
  expect(octets.at(-1)).toBe(7);
});

test('memory is used again only after it was released', () => {
  const out = writer();
  const write = (sequence: number) => {
    out.begin(0x15, 0, sequence, 16);
    out.end();
    return out.take();
  };
  const first = write(1);
  const second = write(2);
  expect(second.octets.buffer).not.toBe(first.octets.buffer);
  expect(first.octets.readUInt32BE(12)).toBe(1);
  first.release();
  write(3);
  expect(write(4).octets.buffer).toBe(first.octets.buffer);
});
