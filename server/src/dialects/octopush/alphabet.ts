import { alphabets } from '../../otp/code.ts';

export interface AllowedCharacters {
  readonly allow_digits: boolean;
  readonly allow_upper_case: boolean;
  readonly allow_lower_case: boolean;
  readonly allow_special_chars: boolean;
  readonly remove_confusing_characters: boolean;
}

/** What is read for one another on a small screen: zero and O, and all that is one stroke. */
const CONFUSING = '0Oo1IiLl!';

/** What a code is drawn from. Where nothing is allowed, digits are. */
export function alphabetOf(allowed: AllowedCharacters): string {
  const chosen = [
    allowed.allow_digits ? alphabets.digits : '',
    allowed.allow_upper_case ? alphabets.upperCase : '',
    allowed.allow_lower_case ? alphabets.lowerCase : '',
    allowed.allow_special_chars ? alphabets.specials : '',
  ].join('');
  const alphabet = chosen === '' ? alphabets.digits : chosen;
  if (!allowed.remove_confusing_characters) return alphabet;
  return Array.from(alphabet)
    .filter((character) => !CONFUSING.includes(character))
    .join('');
}
