import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../values/secret.ts';
import { cutToFit } from './cut-to-fit.ts';
import { type Piece, wordMessage, written } from './wording.ts';

const CODE = new Secret('0123');
const within = (most: number) => (text: string) => text.length <= most;
const pieces = (text: string) => wordMessage(text, { diesAt: '14:05:33', alphabet: '0123456789' }).pieces;
const cut = (text: string, most: number) => written(cutToFit(pieces(text), CODE, within(most)), CODE);

describe('of a text that is too long', () => {
  test.each([
    ['{code} is your code', 11, '0123 is you'],
    ['Your code is {code}', 11, 'Your c 0123'],
    ['Code {code} or {code}!', 16, 'Code 0123 or '],
    ['Code {code} or {code}!', 17, 'Code 0123 or 0123'],
    ['Your code: ', 9, 'Your 0123'],
    ['🙂🙂{code}🙂🙂', 9, '🙂🙂0123'],
    ['🙂🙂{code}🙂🙂', 7, '🙂 0123'],
    ['long {code}', 4, '0123'],
  ])('%j, there stays in %i characters: %j', (text, most, left) => expect(cut(text, most)).toBe(left));
});

test('what fits is left as it is', () => {
  const whole = pieces('{code} is your code');
  expect(cutToFit(whole, CODE, within(17))).toBe(whole);
});

test('the code stays in, whole, and as much as fits', () => {
  const piece: fc.Arbitrary<Piece> = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }).map((text): Piece => ({ kind: 'text', text })),
    fc.constant<Piece>({ kind: 'code' }),
  );
  const message = fc.array(piece, { maxLength: 9 }).map((list): Piece[] => [...list, { kind: 'code' }]);
  const most = fc.integer({ min: 4, max: 60 });
  fc.assert(
    fc.property(message, most, (whole, bound) => {
      const left = written(cutToFit(whole, CODE, within(bound)), CODE);
      expect(left.length).toBeLessThanOrEqual(bound);
      expect(left).toContain('0123');
      // One more code, or one more character of two units and a space, would not have fitted.
      if (written(whole, CODE).length > bound) expect(left.length).toBeGreaterThan(bound - 5);
    }),
  );
});
