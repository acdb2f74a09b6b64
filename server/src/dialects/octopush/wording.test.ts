import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alphabets } from '../../otp/code.ts';
import { isDomainBound } from '../../otp/template.ts';
import { Secret } from '../../values/secret.ts';
import { cutToFit } from './cut-to-fit.ts';
import { wordMessage, written } from './wording.ts';

/** What is read of a text with a code in it, cut to so many characters. */
function sent(text: string, code: string, { alphabet, most }: { alphabet: string; most: number }): string {
  const { pieces } = wordMessage(text, { diesAt: '14:05:33', alphabet });
  const secret = new Secret(code);
  return written(
    cutToFit(pieces, secret, (message) => message.length <= most),
    secret,
  );
}

test('a line that a cut would leave with the code behind it is bound to no site', () => {
  const alphabet = alphabets.lowerCase + alphabets.digits + alphabets.specials;
  const text = `Hello\n@evil.com ${'x'.repeat(2_000)}\n{code}`;
  expect(sent(text, 'a#b12', { alphabet, most: 60 })).toMatch(/^Hello\nevil\.com x+ a#b12$/);
});

test('a line that begins with a name stays as it is where no code could bind it', () => {
  const text = '@shop: your code is {code}';
  expect(sent(text, '012345', { alphabet: alphabets.digits, most: 99 })).toBe('@shop: your code is 012345');
});

test('a code that begins with an @ names no site where it stands first', () => {
  const alphabet = alphabets.digits + alphabets.specials;
  const text = '{code}.evil.com #x';
  expect(sent(text, '@012', { alphabet, most: 99 })).toBe('- @012.evil.com #x');
  expect(sent('{code} is your code', '@012', { alphabet, most: 99 })).toBe('@012 is your code');
});

test('no message is bound to a site, whatever text, code and cut', () => {
  const piece = fc.constantFrom(
    '{code}',
    '{CODE}',
    '{hh:mm:ss}',
    '@evil.com',
    '@',
    '#',
    '#x',
    ' ',
    '\t',
    '\n',
    '\u2028',
    'x',
    '🙂',
    '{',
  );
  const text = fc.array(piece, { minLength: 1, maxLength: 14 }).map((pieces) => pieces.join(''));
  const { digits, lowerCase, specials } = alphabets;
  const alphabet = fc.constantFrom(digits, specials, '#$%&?@', '#@', lowerCase + specials);
  const drawn = alphabet.chain((characters) =>
    fc
      .string({ unit: fc.constantFrom(...characters), minLength: 4, maxLength: 8 })
      .map((code) => ({ code, alphabet: characters })),
  );
  fc.assert(
    fc.property(text, drawn, fc.integer({ min: 8, max: 60 }), (given, { code, alphabet: from }, most) => {
      const message = sent(given, code, { alphabet: from, most });
      expect(message).toContain(code);
      expect([message, isDomainBound(message)]).toEqual([message, false]);
    }),
    { numRuns: 3_000 },
  );
});
