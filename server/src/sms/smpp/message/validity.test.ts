import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validityPeriod } from './validity.ts';

const now = Date.UTC(2026, 11, 31, 23, 58, 30, 500);

test.each([
  [300_000, '000000000500000R'],
  [1, '000000000001000R'],
  [-5, '000000000001000R'],
  [86_400_000 + 3_661_000, '000001010101000R'],
  [1e12, '000028000000000R'],
])('%i ms from now, relative', (ms, text) => {
  expect(validityPeriod('relative', now + ms, now)).toBe(text);
});

test('absolute, in UTC', () => {
  expect(validityPeriod('absolute', now + 300_000, now)).toBe('270101000330000+');
  expect(validityPeriod('absolute', now - 1, now)).toBe('261231235831000+');
});

test('none', () => {
  expect(validityPeriod('none', now + 300_000, now)).toBe('');
});

test('always 16 characters of the shape that the specification wants', () => {
  const ms = fc.integer({ min: -10_000, max: 2 ** 40 });
  fc.assert(
    fc.property(ms, fc.constantFrom('relative', 'absolute'), (left, kind) => {
      expect(validityPeriod(kind, now + left, now)).toMatch(/^[0-9]{15}[R+]$/);
    }),
  );
});
