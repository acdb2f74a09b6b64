import fc from 'fast-check';
import { expect, test } from 'vitest';
import { destinationAddress, sourceAddress } from './address.ts';

const none = { sourceTon: null, sourceNpi: null, destTon: null, destNpi: null };

test.each([
  ['ACME', 5, 0, 'ACME'],
  ['+9779851023212', 1, 1, '9779851023212'],
  ['32665', 3, 0, '32665'],
  ['A long sender', 5, 0, 'A long send'],
  ['ACME\0evil', 5, 0, 'ACMEevil'],
  ['é+', 5, 0, '+'],
  ['1'.repeat(40), 3, 0, '1'.repeat(20)],
  ['नमस्ते', 0, 0, ''],
  [null, 0, 0, ''],
])('%j is sent from %i/%i', (from, ton, npi, digits) => {
  expect(sourceAddress(from, none)).toEqual({ ton, npi, digits });
});

test('a carrier may want other types', () => {
  const rules = { sourceTon: 0, sourceNpi: 1, destTon: 2, destNpi: 0 };
  expect(sourceAddress('ACME', rules)).toEqual({ ton: 0, npi: 1, digits: 'ACME' });
  expect(destinationAddress('+9779851023212', rules)).toEqual({ ton: 2, npi: 0, digits: '9779851023212' });
});

test('a destination is E.164 or none', () => {
  expect(destinationAddress('+9779851023212', none)).toEqual({ ton: 1, npi: 1, digits: '9779851023212' });
  for (const to of [
    '9779851023212',
    '+0779',
    '+977985102321234567',
    '+97798\0',
    '+977 985',
    '+٩٧٧٩٨٥',
    '',
    '+977985\n',
  ])
    expect(destinationAddress(to, none)).toBe(null);
});

test('whatever was typed, an address fits its field and has no control character in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (from) => {
      expect(sourceAddress(from, none).digits).toMatch(/^[\x20-\x7e]{0,20}$/);
    }),
  );
});
