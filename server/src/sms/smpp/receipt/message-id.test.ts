import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalId, canonicalReceiptId } from './message-id.ts';

test('ids are compared in upper case, without leading zeros', () => {
  expect(canonicalId('00ab-0Cd')).toBe('AB-0CD');
  expect(canonicalId('0000')).toBe('0');
  expect(canonicalReceiptId('0000000000ab', 'same')).toBe(canonicalId('AB'));
});

test('a decimal receipt finds its hexadecimal answer', () => {
  expect(canonicalReceiptId('0000000012345678', 'hex-to-dec')).toBe(canonicalId('00bc614e'));
});

test('a hexadecimal receipt finds its decimal answer', () => {
  expect(canonicalReceiptId('00BC614E', 'dec-to-hex')).toBe(canonicalId('0012345678'));
});

test('ids of any length are converted exactly, both ways', () => {
  const id = fc.bigInt({ min: 0n, max: 2n ** 128n });
  const padding = fc.integer({ min: 0, max: 8 });
  fc.assert(
    fc.property(id, padding, padding, (number, zeros, more) => {
      const hex = '0'.repeat(zeros) + number.toString(16);
      const decimal = '0'.repeat(more) + number.toString();
      expect(canonicalReceiptId(decimal, 'hex-to-dec')).toBe(canonicalId(hex));
      expect(canonicalReceiptId(hex, 'dec-to-hex')).toBe(canonicalId(decimal));
    }),
  );
});

test('an id that is no number in that base stays as it is', () => {
  expect(canonicalReceiptId('3f9c-aa', 'hex-to-dec')).toBe('3F9C-AA');
  expect(canonicalReceiptId('0xyz', 'dec-to-hex')).toBe('XYZ');
});
