import { isSupportedCountry } from 'libphonenumber-js/max';
import type { Fault } from '../errors.ts';
import { MAX_PASSWORD_LENGTH } from './password.ts';

/** Most credits granted at once, and so far from 2^53 that sums stay whole numbers. */
export const MAX_GRANT = 1e12;

/** NIST SP 800-63B-4 §3.1.1.2. */
const MIN_PASSWORD_LENGTH = 8;

/** Control characters and halves of surrogate pairs: not every store can hold them, and none gives back what it was given. */
const BROKEN = /[\p{Cc}\p{Cs}]/u;
const EMAIL = /^[^\s@"<>(),:;\\]{1,64}@[a-z0-9.-]+\.[a-z0-9-]{2,}$/;

/** What can be said about an account, by the names that the admin API and the command line give it. */
export interface AccountFields {
  readonly login: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string;
  /** IANA name. */
  readonly timezone: string;
  readonly sms_credits: number;
  readonly voice_credits: number;
  readonly password: string;
}

const checks: { readonly [F in keyof AccountFields]: (value: AccountFields[F]) => string | null } = {
  login: (value) =>
    value.length <= 254 && EMAIL.test(value) && !BROKEN.test(value) ? null : 'must be an e-mail address',
  name: (value) =>
    value.trim() !== '' && value.length <= 100 && !BROKEN.test(value)
      ? null
      : 'must have 1 to 100 characters, none of them a control character',
  country: (value) =>
    /^[A-Z]{2}$/.test(value) && isSupportedCountry(value)
      ? null
      : 'must be a country by its two letters (ISO 3166-1), such as NP',
  timezone: (value) => (isTimeZone(value) ? null : 'must be an IANA time zone, such as Asia/Kathmandu'),
  sms_credits: credits,
  voice_credits: credits,
  password: (value) =>
    value.length >= MIN_PASSWORD_LENGTH && value.length <= MAX_PASSWORD_LENGTH
      ? null
      : `must have ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters`,
};

/** Every fault of the fields given; absent ones have none. */
export function accountFaults(fields: { readonly [F in keyof AccountFields]?: AccountFields[F] | undefined }): Fault[] {
  const faults: Fault[] = [];
  function look<F extends keyof AccountFields>(field: F): void {
    const value: AccountFields[F] | undefined = fields[field];
    const message = value === undefined ? null : checks[field](value);
    if (message !== null) faults.push({ field, message });
  }
  for (const field of Object.keys(checks) as (keyof AccountFields)[]) look(field);
  return faults;
}

function credits(value: number): string | null {
  return Number.isInteger(value) && value >= 0 && value <= MAX_GRANT ? null : 'must be a whole number from 0 to 1e12';
}

function isTimeZone(name: string): boolean {
  // `Intl` takes bare offsets too, which know no daylight saving.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== undefined;
  } catch {
    return false;
  }
}
