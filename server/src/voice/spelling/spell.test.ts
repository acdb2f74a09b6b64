import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VOICE_LANGUAGES } from '../voices.ts';
import { alphabetOf, MARKS } from './alphabets.ts';
import { characters, spell } from './spell.ts';

const LOCALES = Array.from(VOICE_LANGUAGES.keys());

test.each(LOCALES)('%s has a name of its own for every printable ASCII character', (locale) => {
  const { digits, letters, marks, capital } = alphabetOf(locale);
  expect([digits.length, letters.length, marks.length]).toEqual([10, 26, MARKS.length]);
  const names = [...digits, ...letters, ...marks];
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  for (const name of names) expect(name.trim()).toMatch(/^[\p{L}\p{M}' -]+$/u);
  expect(capital.replace('{}', '')).not.toBe(capital);
});

test('marks are all of ASCII that can be printed and is no letter and no digit', () => {
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
  expect(Array.from(MARKS)).toEqual(printable.filter((character) => !/[0-9A-Za-z]/.test(character)));
});

test('every language has its own words', () => {
  const zeros = ['en-GB', 'el-GR', 'hu-HU', 'de-DE', 'es-ES', 'fr-FR', 'ru-RU', 'sv-SE', 'ne-NP'].map(
    (locale) => spell('0', locale)[0],
  );
  expect(zeros).toEqual(['zero', 'μηδέν', 'nulla', 'null', 'cero', 'zéro', 'ноль', 'noll', 'शून्य']);
  expect([spell('z', 'en-US'), spell('z', 'en-GB'), spell('z', 'xx-XX')]).toEqual([['zee'], ['zed'], ['zed']]);
  expect([spell('#', 'es-LA'), spell('#', 'es-ES')]).toEqual([['numeral'], ['almohadilla']]);
});

test('the specials that codes are drawn from have names', () => {
  expect(spell('!#$%&?@', 'en-GB')).toEqual([
    'exclamation mark',
    'hash',
    'dollar sign',
    'percent sign',
    'ampersand',
    'question mark',
    'at sign',
  ]);
});

test('a number is never a number, and a word never a word', () => {
  expect(spell('012', 'fr-FR')).toEqual(['zéro', 'un', 'deux']);
  expect(spell('to', 'en-GB')).toEqual(['tee', 'oh']);
});

test('a capital is announced only where there are small letters as well', () => {
  expect(spell('A1B', 'en-GB')).toEqual(['A', 'one', 'bee']);
  expect(spell('a1b', 'en-GB')).toEqual(['A', 'one', 'bee']);
  expect(spell('B1b', 'en-GB')).toEqual(['capital bee', 'one', 'bee']);
  expect(spell('Bb', 'fr-FR')).toEqual(['bé majuscule', 'bé']);
});

test('a capital is announced anywhere if that is asked for', () => {
  expect(spell('A1B', 'en-GB', 'announced')).toEqual(['capital A', 'one', 'capital bee']);
  expect(spell('a1b', 'en-GB', 'announced')).toEqual(['A', 'one', 'bee']);
});

test('digits of other scripts are digits', () => {
  expect(spell('१२९', 'ne-NP')).toEqual(spell('129', 'ne-NP'));
  expect(spell('٠٩३', 'en-GB')).toEqual(['zero', 'nine', 'three']);
  expect(spell('３𝟘', 'en-GB')).toEqual(['three', 'zero']);
});

test('what has no name here is said as it is, an accent with its letter', () => {
  expect(spell('é', 'fr-FR')).toEqual(['é']);
  expect(spell('e\u0301', 'fr-FR')).toEqual(['é']);
  expect(spell('Жж', 'ru-RU')).toEqual(['заглавная ж', 'ж']);
  expect(characters('\ud800a')).toHaveLength(2);
});

test('every character of a code is said, and in its place', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 64, unit: 'binary' }), fc.constantFrom(...LOCALES), (code, locale) => {
      const names = spell(code, locale);
      expect(names).toHaveLength(characters(code).length);
      expect(names.every((name) => name !== '')).toBe(true);
    }),
  );
});
