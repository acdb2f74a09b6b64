import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onAirHex } from './on-air.ts';

const part = fc.record({
  payload: fc.uint8Array({ maxLength: 153 }),
  total: fc.integer({ min: 2, max: 255 }),
  reference: fc.integer({ min: 0, max: 255 }),
  index: fc.integer({ min: 1, max: 255 }),
});

test('a single part is its payload alone', () => {
  expect(onAirHex({ payload: Uint8Array.of(0x48, 0x69), index: 1, total: 1, reference: 0 })).toBe('4869');
});

test('a part of several begins with the concatenation header', () => {
  fc.assert(
    fc.property(part, (each) => {
      const octets = Buffer.from(onAirHex(each), 'hex');
      expect([...octets.subarray(0, 6)]).toEqual([5, 0, 3, each.reference, each.total, each.index]);
      expect(new Uint8Array(octets.subarray(6))).toEqual(each.payload);
    }),
  );
});
