import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Random } from '../values/random.ts';
import { Secret } from '../values/secret.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { alphabets, drawCode, parseOwnCode, spaced } from './code.ts';

describe('drawCode', () => {
  it('has the length asked for and nothing but the alphabet', () => {
    const alphabet = fc
      .uniqueArray(fc.constantFrom(...Object.values(alphabets).join('')), { minLength: 2 })
      .map((list) => list.join(''));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), alphabet, fc.integer(), (length, characters, seed) => {
        const code = drawCode({ length, alphabet: characters }, seededRandom(seed)).reveal();
        expect(code).toHaveLength(length);
        expect(Array.from(code).every((character) => characters.includes(character))).toBe(true);
      }),
    );
  });

  it('keeps leading zeros', () => {
    const zeros: Random = { bytes: (count) => new Uint8Array(count), below: () => 0 };
    expect(drawCode({ length: 6, alphabet: alphabets.digits }, zeros).reveal()).toBe('000000');
  });

  it('does not print', () => {
    expect(`${drawCode({ length: 6, alphabet: alphabets.digits }, seededRandom(1))}`).toBe('[redacted]');
  });

  it.each([0, -1, 65, 6.5, Number.NaN, 1e9])('refuses a length of %s', (length) => {
    expect(() => drawCode({ length, alphabet: alphabets.digits }, seededRandom(1))).toThrow(RangeError);
  });

  it.each(['', '0'])('refuses the alphabet %j: its codes could be foretold', (alphabet) => {
    expect(() => drawCode({ length: 6, alphabet }, seededRandom(1))).toThrow(RangeError);
  });
});

describe('alphabets', () => {
  it.each(Object.entries(alphabets))('%s holds each character once, all printable ASCII', (_, alphabet) => {
    expect(new Set(alphabet).size).toBe(alphabet.length);
    expect(alphabet).toMatch(/^[!-~]+$/);
  });
});

describe('parseOwnCode', () => {
  it.each(['0123', '012345', '564546', 'aB3z', '0000000000', 'PASSBELL10'])('takes %s as it is', (code) => {
    const parsed = parseOwnCode(code);
    expect(parsed instanceof Secret && parsed.reveal()).toBe(code);
  });

  it.each([
    [undefined, /required/],
    [null, /required/],
    ['', /required/],
    [123456, /must be a string.*leading zeros/],
    [1e5, /must be a string.*leading zeros/],
    [Number.NaN, /must be a string/],
    [['123456'], /must be a string/],
    [{ $ne: null }, /must be a string/],
    [true, /must be a string/],
    ['१२३४५६', /another script/],
    ['１２３４５６', /another script/],
    ['123', /4 to 10/],
    ['12345678901', /4 to 10/],
    ['1'.repeat(4096), /4 to 10/],
    ['123 456', /without spaces/],
    ['12345\n', /4 to 10/],
    ['12345\0', /4 to 10/],
    ['12345é', /4 to 10/],
    ['{otp}', /4 to 10/],
    ['$&$&', /4 to 10/],
    ['-12345', /4 to 10/],
  ])('refuses %j with a sentence that does not repeat it', (input, sentence) => {
    const fault = parseOwnCode(input);
    expect(fault).toMatch(sentence);
    expect(fault).toMatch(/^[A-Z].*\.$/);
  });

  it('takes nothing but 4 to 10 ASCII letters and digits, of all there is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.string({ unit: 'binary', maxLength: 12 }), fc.stringMatching(/^[0-9a-zA-Z]{3,11}$/)),
        (input) => {
          const parsed = parseOwnCode(input);
          expect(parsed instanceof Secret).toBe(typeof input === 'string' && /^[0-9A-Za-z]{4,10}$/.test(input));
        },
      ),
    );
  });
});

describe('spaced', () => {
  it('puts a space between the characters, and stays secret', () => {
    const read = spaced(new Secret('012345'));
    expect(read.reveal()).toBe('0 1 2 3 4 5');
    expect(`${read}`).toBe('[redacted]');
  });
});
