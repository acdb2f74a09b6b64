import type { CountryCode } from '../../values/country.ts';
import { type PhoneNumber, parsePhoneNumber } from '../../values/phone-number.ts';

/** The vendor's bound for a number, prefix included. */
const LONGEST = 24;

export type ReadNumber<T> = { readonly number: T } | { readonly fault: string };

/** A number to call: `+…`, `00…`, with its bare calling code, or as it is dialled in the account's country. */
export function readCallee(value: unknown, country: CountryCode): ReadNumber<PhoneNumber> {
  const fault = faultOfText(value);
  if (fault !== null) return { fault };
  const parsed = parsePhoneNumber(value, country);
  return parsed.ok ? { number: parsed.number } : { fault: notE164(value as string, parsed.reason) };
}

/**
 * The number to be shown, as E.164 with `+`. What stands behind `+` or `00` need not exist in a numbering plan: operators give out
 * numbers for this alone, and the trunk decides what it lets through.
 */
export function readCaller(value: unknown, country: CountryCode): ReadNumber<string> {
  const fault = faultOfText(value);
  if (fault !== null) return { fault };
  const [, digits] = /^(?:\+|00)([1-9]\d{0,14})$/.exec(value as string) ?? [];
  if (digits !== undefined) return { number: `+${digits}` };
  const parsed = parsePhoneNumber(value, country);
  if (!parsed.ok) return { fault: notE164(value as string, parsed.reason) };
  const { e164 } = parsed.number;
  return e164.startsWith('+') ? { number: e164 } : { fault: notE164(value as string, '') };
}

function faultOfText(value: unknown): string | null {
  if (value === undefined || value === null || value === '')
    return 'is required: a number with its country code, as in "+9779851023212"';
  if (typeof value === 'number')
    return 'must be a string, as in "+9779851023212": a JSON number loses its + and its zeros';
  if (typeof value !== 'string') return 'must be a string, as in "+9779851023212"';
  return value.length > LONGEST ? `must have ${LONGEST} characters or fewer` : null;
}

/** @param reason why, where it has to do with what characters stand in the number */
function notE164(value: string, reason: string): string {
  if (/^[ -~]+$/.test(value)) {
    const cure = /^[0-9 ().+-]+$/.test(value)
      ? 'write + and the country code, as in +9779851023212, and check the count of digits'
      : 'write + and digits alone, as in +9779851023212';
    return `'${value}' is not a valid E.164 number: ${cure}`;
  }
  return `is not a valid E.164 number. ${reason}`;
}
