import { type Alphabet, alphabetOf, MARKS } from './alphabets.ts';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** A code as what people call characters, in order: an accent stays with its letter. */
export function characters(code: string): readonly string[] {
  // Nearly every code, and many times faster.
  if (/^[ -~]*$/.test(code)) return code.split('');
  return Array.from(graphemes.segment(code.toWellFormed().normalize('NFC')), ({ segment }) => segment);
}

/**
 * What is said for each character of a code, in order: its name in the voice's language, so that "12" is never twelve and "to" never
 * a word. A capital is announced as one where the code holds small letters as well: only there does a callee need to know.
 * Characters beyond ASCII have no names here and are said as they are; digits of other scripts are digits.
 *
 * @param capitals announced wherever they stand: for codes whose check minds the case
 */
export function spell(code: string, locale: string, capitals?: 'announced'): readonly string[] {
  const alphabet = alphabetOf(locale);
  const announced = capitals === 'announced' || (/\p{Ll}/u.test(code) && /\p{Lu}/u.test(code));
  return characters(code).map((character) => nameOf(character, alphabet, announced));
}

function nameOf(character: string, alphabet: Alphabet, announced: boolean): string {
  const small = character.toLowerCase();
  const name =
    alphabet.digits[digitValue(character)] ??
    alphabet.letters[letterIndex(small)] ??
    alphabet.marks[MARKS.indexOf(character)] ??
    small;
  return announced && small !== character ? alphabet.capital.replace('{}', () => name) : name;
}

function letterIndex(small: string): number {
  return small.length === 1 ? small.charCodeAt(0) - 'a'.charCodeAt(0) : -1;
}

const DIGIT = /^\p{Nd}$/u;

/** Digits stand in runs of ten, from zero up, and no two runs touch once NFKC has taken out the mathematical ones. −1: not a digit. */
function digitValue(character: string): number {
  const form = character.normalize('NFKC');
  if (!DIGIT.test(form)) return -1;
  const code = form.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && DIGIT.test(String.fromCodePoint(code - value - 1))) value += 1;
  return value;
}
