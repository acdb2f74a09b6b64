import type { Random } from '../values/random.ts';
import { Secret } from '../values/secret.ts';

/** What a generated code is made of. */
export interface CodeRecipe {
  /** Characters, 1 … 64; what a dialect lets its callers choose is narrower. */
  readonly length: number;
  /** The characters to draw from, each once and none of two UTF-16 units; see `alphabets`. */
  readonly alphabet: string;
}

const DIGITS = '0123456789';

export const alphabets = {
  digits: DIGITS,
  upperCase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  lowerCase: 'abcdefghijklmnopqrstuvwxyz',
  /** The special characters of Octopush's API. All are in GSM-7 and cost one septet. */
  specials: '!#$%&?@',
  /** Capitals and digits without those that are read for one another (0 O, 1 I L): 31 characters. */
  alphanumeric: '23456789ABCDEFGHJKMNPQRSTUVWXYZ',
} as const;

const LONGEST = 64;

/**
 * Draws a code, each character uniformly and apart from the others (NIST SP 800-63B-4 §3.1.3.2; OWASP ASVS 6.5.3), leading
 * zeros included: a code is text, never a number.
 *
 * @throws RangeError for a recipe that cannot be drawn: a fault of the program, dialects check what callers ask for.
 */
export function drawCode({ length, alphabet }: CodeRecipe, random: Random): Secret {
  if (!Number.isInteger(length) || length < 1 || length > LONGEST)
    throw new RangeError(`a code of ${length} characters`);
  if (alphabet.length < 2) throw new RangeError('a code needs an alphabet of two characters or more');
  let text = '';
  for (let i = 0; i < length; i++) text += alphabet.charAt(random.below(alphabet.length));
  return new Secret(text);
}

/**
 * A caller's own code: 4 to 10 ASCII letters or digits, kept exactly as it is.
 * @returns the code, or a sentence that says what is wrong with `input` and how to mend it; it never repeats the code.
 */
export function parseOwnCode(input: unknown): Secret | string {
  if (input === undefined || input === null || input === '') return 'A code is required.';
  if (typeof input === 'number')
    return 'The code must be a string, as in "012345": a JSON number loses its leading zeros.';
  if (typeof input !== 'string') return 'The code must be a string, as in "012345".';
  if (/^[0-9A-Za-z]{4,10}$/.test(input)) return new Secret(input);
  if (/[^\P{Nd}0-9]/u.test(input)) return 'The code holds digits of another script: write them as 0 to 9.';
  return 'The code must be 4 to 10 letters A to Z or digits 0 to 9, without spaces or other characters.';
}

/** The code as it is read out: its characters with a space between. */
export function spaced(code: Secret): Secret {
  return new Secret(Array.from(code.reveal()).join(' '));
}
