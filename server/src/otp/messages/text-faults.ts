import { holdsControls } from '../../sms/controls.ts';
import { isDomainBound } from '../template.ts';
import { PLACEHOLDERS, placeholdersIn, strangePlaceholder } from './placeholders.ts';

/** The longest text that is taken, characters: more than `MAX_SEGMENTS` of SMS hold. */
export const LONGEST_TEXT = 1600;

export const NO_SITE_LINE =
  'not end in a line of the form "@host #code": phones would bind the code to that site; use autofill.domain';

const KNOWN = PLACEHOLDERS.map((name) => `{${name}}`).join(', ');

/** What is wrong with a text of the caller's own, as the rest of the sentence "must …"; null if it can be used. */
export function textFault(text: string): string | null {
  const strange = strangePlaceholder(text);
  if (strange !== null) return `not hold ${strange}: the placeholders are ${KNOWN}, in small letters without spaces`;
  const shown = placeholdersIn(text);
  if (!shown.has('code')) return 'hold {code}, where the code is to stand';
  // A request gives both or neither: words for one could never be sent.
  if (shown.has('amount') !== shown.has('payee')) {
    const [missing, other] = shown.has('payee') ? ['amount', 'payee'] : ['payee', 'amount'];
    return `hold {${missing}} beside {${other}}, or neither: a payer must learn both`;
  }
  // Better said than silently dropped.
  if (holdsControls(text)) return 'not hold control characters other than line breaks and tabs';
  return isDomainBound(text) ? NO_SITE_LINE : null;
}

/** The longest values, characters. */
export const LONGEST_VALUES = { brand: 40, amount: 30, payee: 60 } as const;

/** What is wrong with a value that is put into texts, as above: it must not start a line that phones would read. */
export function valueFault(value: string, longest: number): string | null {
  if (value.trim() === '') return 'not be blank';
  if (value.length > longest) return `have at most ${longest} characters`;
  return /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u.test(value)
    ? 'not hold line breaks, control characters or marks that change the direction of writing'
    : null;
}
