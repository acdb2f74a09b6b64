import type { CountryCode } from '../../values/country.ts';
import { type PhoneNumber, parsePhoneNumber } from '../../values/phone-number.ts';
import { isGiven } from './cast.ts';

export type ReadRecipient =
  | { readonly number: PhoneNumber; readonly asSent: string; readonly warnings: readonly string[] }
  | { readonly refused: 'no_recipient' | 'no_number' | 'no_country' };

/**
 * The number to send to. A JSON number is read as its digits. Nothing else is mended: a code must not go to the number that is left when what
 * does not belong into one was removed.
 */
export function readRecipient(value: unknown, country: CountryCode): ReadRecipient {
  if (!isGiven(value)) return { refused: 'no_recipient' };
  const asSent = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof asSent !== 'string') return { refused: 'no_number' };
  const parsed = parsePhoneNumber(asSent.trim(), country);
  if (!parsed.ok) return { refused: parsed.nowhere ? 'no_country' : 'no_number' };
  const warnings = asSent === value ? [] : ['phone_number was a JSON number: it was read as text.'];
  return { number: parsed.number, asSent, warnings };
}
