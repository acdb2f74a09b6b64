import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Framer } from './framer.ts';

function pduOf(length: number, fill = 0): Buffer {
  const pdu = Buffer.alloc(length, fill);
  pdu.writeUInt32BE(length, 0);
  return pdu;
}

function frames() {
  const got: Buffer[] = [];
  const framer = new Framer((octets, from, to) => {
    got.push(Buffer.from(octets.subarray(from, to)));
    return true;
  });
  return { got, framer };
}

test('PDUs come out whole however the stream is cut', () => {
  const sizes = fc.array(fc.integer({ min: 16, max: 3_000 }), { minLength: 1, maxLength: 8 });
  const cuts = fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(sizes, cuts, (lengths, pieces) => {
      const pdus = lengths.map((length, i) => pduOf(length, i + 1));
      const stream = Buffer.concat(pdus);
      const { got, framer } = frames();
      for (let at = 0, i = 0; at < stream.length; i++) {
        const size = pieces[i % pieces.length] ?? 1;
        expect(framer.push(stream.subarray(at, at + size))).toBe(true);
        at += size;
      }
      expect(got).toEqual(pdus);
    }),
  );
});

test('the longest PDU comes in single octets', () => {
  const pdu = pduOf(64 * 1024, 3);
  const { got, framer } = frames();
  for (let i = 0; i < pdu.length; i++) framer.push(pdu.subarray(i, i + 1));
  expect(got).toEqual([pdu]);
});

test.each([0, 8, 15, 64 * 1024 + 1, 0xffffffff])('a length of %i ends the stream', (length) => {
  const impossible = Buffer.alloc(16);
  impossible.writeUInt32BE(length, 0);
  const { got, framer } = frames();
  expect(framer.push(Buffer.concat([pduOf(16), impossible]))).toBe(false);
  expect(got).toHaveLength(1);

  const dripped = frames();
  expect([0, 1, 2].map((i) => dripped.framer.push(impossible.subarray(i, i + 1)))).toEqual([true, true, true]);
  expect(dripped.framer.push(impossible.subarray(3))).toBe(false);
});

test('nothing is read after the reader has had enough', () => {
  let seen = 0;
  const framer = new Framer(() => {
    seen += 1;
    return false;
  });
  framer.push(Buffer.concat([pduOf(16), pduOf(16), pduOf(16)]));
  expect(seen).toBe(1);
});
