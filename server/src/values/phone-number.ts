import { parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js/max';
import type { CountryCode } from './country.ts';
import { numberingPlans, type PlannedNumber, type PlanType } from './numbering-plan.ts';

/** What kind of line answers, as its country's numbering plan tells; `short` and `emergency` stand outside of every plan. */
export type NumberType =
  | 'mobile'
  | 'fixed_line'
  | 'fixed_line_or_mobile'
  | 'voip'
  | 'toll_free'
  | 'premium'
  | 'shared_cost'
  | 'personal'
  | 'pager'
  | 'uan'
  | 'voicemail'
  | 'short'
  | 'emergency';

/** A number that exists in a numbering plan. Whether it may be sent to is `judgeDestination`'s to say. */
export interface PhoneNumber {
  /** `+`, calling code, national number: one text for all spellings. A short or emergency number has no such form; here are its digits. */
  readonly e164: string;
  readonly country: CountryCode;
  readonly type: NumberType;
}

export type ParsedPhoneNumber =
  | { readonly ok: true; readonly number: PhoneNumber }
  | {
      readonly ok: false;
      /** A sentence for the caller, with the cure. It does not repeat what was sent. */
      readonly reason: string;
      /** It begins with a calling code that is in use nowhere. Known only of a number that is written with one: after `+` or `00`. */
      readonly nowhere: boolean;
    };

/** The longest spelling taken, in characters: 15 digits (ITU-T E.164) with prefix, trunk zero and a separator after each pair. */
const MAX_LENGTH = 32;

/** Bare digits up to this many are no subscriber's number, unless the country's own plan says so. */
const SHORT_DIGITS = 6;

// What stands before the first digit is never a dash or a dot: a minus sign, or the rest of a list or a placeholder.
const WRITTEN = /^[ (]*\+?[ ()]*[0-9][0-9 ().-]*$/;
const PLAIN = /^\+?[0-9]+$/;
const SEPARATORS = /[ ().-]/g;

/** What spreadsheets and data frames make of a number: without its dot it would be another subscriber's. */
const DECIMAL = /^[ (]*\+?[0-9 ()]*\.(?:[0-9]|0+)[ )]*$/;

/** What handsets place as emergency calls everywhere (3GPP TS 22.101 §10.1.1), and Nepal's own: police, fire, ambulance, traffic. */
const EMERGENCY = new Set(['112', '911', '000', '08', '110', '118', '119', '999', '100', '101', '102', '103']);

const TYPES: Readonly<Record<PlanType, NumberType>> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'fixed_line',
  FIXED_LINE_OR_MOBILE: 'fixed_line_or_mobile',
  VOIP: 'voip',
  TOLL_FREE: 'toll_free',
  PREMIUM_RATE: 'premium',
  SHARED_COST: 'shared_cost',
  PERSONAL_NUMBER: 'personal',
  PAGER: 'pager',
  UAN: 'uan',
  VOICEMAIL: 'voicemail',
};

// Compiled patterns of constant data, filled as countries come up: the same for every caller.
const plans = numberingPlans();

/**
 * Reads a phone number as people and programs write it: national (`9851023212`, `01-4567890`), international with `+`, with
 * the international prefix (`00977…`) or with the bare calling code (`977…`); spaces, dashes, dots and parentheses between.
 * Bare digits are read as dialled in `defaultCountry` if that is a valid number there, else as if a `+` stood before them.
 *
 * Strict where libphonenumber guesses: letters, extensions, digits of other scripts, and control or invisible characters are
 * refused, so that no two texts a person would tell apart become the same number, and nothing but digits goes on.
 *
 * @param input what stood in the request, of any type
 */
export function parsePhoneNumber(input: unknown, defaultCountry: CountryCode): ParsedPhoneNumber {
  if (typeof input !== 'string' || input.length > MAX_LENGTH || !WRITTEN.test(input) || DECIMAL.test(input)) {
    return { ok: false, reason: whatIsWrong(input), nowhere: false };
  }
  const dialled = PLAIN.test(input) ? input : input.replace(SEPARATORS, '');
  const number = dialled.startsWith('+') ? international(dialled.slice(1)) : local(dialled, defaultCountry);
  if (number !== null) return { ok: true, number };
  return { ok: false, reason: notValid(dialled, defaultCountry), nowhere: isNowhere(dialled) };
}

function local(digits: string, country: CountryCode): PhoneNumber | null {
  if (EMERGENCY.has(digits)) return { e164: digits, country, type: 'emergency' };
  const national = planned(plans.dialled(digits, country)) ?? byLibrary(digits, country);
  if (national !== null) return national;
  // Before a `+` is tried: 431110 is a short code where it is dialled, and a number in Vienna with a `+`.
  if (digits.length <= SHORT_DIGITS) return /^[1-9]./.test(digits) ? { e164: digits, country, type: 'short' } : null;
  return international(digits.startsWith('00') ? digits.slice(2) : digits);
}

function international(digits: string): PhoneNumber | null {
  return planned(plans.international(digits)) ?? byLibrary(`+${digits}`);
}

function planned(found: PlannedNumber | null): PhoneNumber | null {
  if (found === null) return null;
  return { e164: `+${found.callingCode}${found.national}`, country: found.country, type: TYPES[found.type] };
}

function byLibrary(dialled: string, country?: CountryCode): PhoneNumber | null {
  const options = { extract: false, ...(country && { defaultCountry: country as never }) };
  const parsed = parsePhoneNumberFromString(dialled, options);
  // With the full metadata every valid number has a type, and only a valid one.
  const type = parsed?.getType();
  if (parsed === undefined || type === undefined) return null;
  const owner = parsed.country ?? (parsed.isNonGeographic() ? '001' : null);
  return owner && { e164: parsed.number, country: owner, type: TYPES[type] };
}

function isNowhere(dialled: string): boolean {
  // No calling code begins with a zero (ITU-T E.164, annex D): what does is a number that was put together wrongly.
  const [, digits] = /^(?:\+|00)([1-9].*)$/.exec(dialled) ?? [];
  return digits !== undefined && validatePhoneNumberLength(`+${digits}`) === 'INVALID_COUNTRY';
}

function notValid(dialled: string, country: CountryCode): string {
  return dialled.startsWith('+')
    ? 'This is not a valid phone number: check the country code and the count of digits.'
    : `This is not a valid phone number in ${country}, nor with a + before it: check the count of digits, or write it as + and country code.`;
}

function whatIsWrong(input: unknown): string {
  if (input === undefined || input === null || input === '') return 'A phone number is required.';
  if (typeof input === 'number') {
    return 'The phone number must be a string, as in "+9779851023212": a JSON number loses its + and its leading zeros.';
  }
  if (typeof input !== 'string') return 'The phone number must be a string, as in "+9779851023212".';
  if (input.length > MAX_LENGTH) return `The phone number is longer than ${MAX_LENGTH} characters.`;
  if (/\p{Cc}/u.test(input))
    return 'The phone number holds a control character, such as a tab or a line break: remove it.';
  if (/[\p{Cf}\p{Zl}\p{Zp}]/u.test(input)) {
    return 'The phone number holds an invisible character, such as a zero-width space or a text direction mark: remove it.';
  }
  if (/[^\P{Nd}0-9]/u.test(input)) return 'The phone number holds digits of another script: write them as 0 to 9.';
  if (/\p{L}/u.test(input)) {
    return 'The phone number holds letters: an extension or a placeholder cannot be sent to, write the digits alone.';
  }
  if (!/[0-9]/.test(input)) return 'The phone number holds no digits.';
  if (/^[ ().+-]*[.-]/.test(input)) return 'The phone number begins with a dash or a dot: remove it.';
  if (DECIMAL.test(input))
    return 'The phone number is written as a decimal number: remove the dot and what follows it.';
  if (/^[0-9 ().+-]+$/.test(input)) return 'The phone number may hold one + only, before its first digit.';
  return 'The phone number may hold digits, a leading +, spaces, dashes, dots and parentheses, and nothing else.';
}
