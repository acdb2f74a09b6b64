import type { DestinationRefusal } from '../errors.ts';
import type { CountryCode } from '../values/country.ts';
import type { PhoneNumber } from '../values/phone-number.ts';

export interface PermittedDestinations {
  /** The account's own country. */
  readonly home: CountryCode;
  /** Countries that may be sent to; null: `home` alone; `['*']`: all. A list that leaves `home` out shuts it out. */
  readonly countries: readonly string[] | null;
  /** False for test keys: the sandbox reaches nobody, so no country is out of bounds there. */
  readonly live: boolean;
}

/**
 * Whether a code may go to this number at all: null, or why not. Needs no state, so it stands before everything that costs.
 *
 * Numbers that pay whoever answers (premium, shared cost, satellite) are what traffic pumping aims at; short and emergency
 * numbers are no person's phone; the rest of what is refused cannot read or hear a code. All of these are refused for test
 * keys as well, so that an integration learns of it before it goes live.
 */
export function judgeDestination(number: PhoneNumber, permitted: PermittedDestinations): DestinationRefusal | null {
  const refusal = refusedClass(number);
  if (refusal !== null) return refusal;
  return !permitted.live || isPermitted(number.country, permitted) ? null : 'country';
}

function refusedClass({ type, country }: PhoneNumber): DestinationRefusal | null {
  switch (type) {
    case 'emergency':
    case 'short':
    case 'premium':
    case 'shared_cost':
      return type;
    case 'toll_free':
    case 'personal':
    case 'pager':
    case 'uan':
    case 'voicemail':
      // Calling code 001 is the satellite and international networks' (+870, +881, +882, +883, +888 …), whatever they call a number.
      return country === '001' ? 'satellite' : 'not_dialable';
    case 'mobile':
    case 'fixed_line':
    case 'fixed_line_or_mobile':
    case 'voip':
      return country === '001' ? 'satellite' : null;
    default:
      return type satisfies never;
  }
}

function isPermitted(country: CountryCode, { home, countries }: PermittedDestinations): boolean {
  if (countries === null) return country === home;
  return countries.includes('*') || countries.includes(country);
}
