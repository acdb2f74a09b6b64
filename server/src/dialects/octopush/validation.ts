import type { ById, ByNumber, CodeGiven } from '../../otp/verification.ts';
import type { CountryCode } from '../../values/country.ts';
import type { Random } from '../../values/random.ts';
import { Secret } from '../../values/secret.ts';
import { fieldsOf } from '../json-body.ts';
import { isGiven } from './cast.ts';
import type { RefusalName } from './errors.ts';
import { readRecipient } from './recipient.ts';
import { addressOfCheck } from './recipient-ip.ts';
import { idOfTicket } from './tickets.ts';

/** What is to be checked: a token, a number, or both. */
export type Validation = Pick<CodeGiven, 'code' | 'ip'> & (ById | ByNumber);

type Refused = { readonly refused: Extract<RefusalName, 'no_subject' | 'no_code' | 'not_found'> };

/** Longer ones than this were never sent: the rest of one changes nothing. */
const LONGEST_CODE = 64;

/**
 * Reads a validation. A token or a number that cannot be one is that of no request: what cannot fit must not be left out, or the other of
 * the two would be checked alone. Throws `invalid_request` for a body that is not a JSON object.
 */
export function readValidation(body: unknown, country: CountryCode, random: Random): Validation | Refused {
  const { otp_request_token: token, phone_number, code: given, recipient_ip } = fieldsOf(body);
  if (!isGiven(token) && !isGiven(phone_number)) return { refused: 'no_subject' };
  const code = readCode(given);
  if (code === null) return { refused: 'no_code' };
  const recipient = isGiven(phone_number) ? readRecipient(phone_number, country) : { number: null };
  if ('refused' in recipient) return { refused: 'not_found' };
  const { number } = recipient;
  const typed = { code, ip: addressOfCheck(recipient_ip, random) };
  if (!isGiven(token)) return number === null ? { refused: 'no_subject' } : { ...typed, number, among: 'all' };
  const id = idOfTicket(token);
  return id === null ? { refused: 'not_found' } : { ...typed, id, number };
}

/**
 * A code as it was typed: spaces stand in none that was sent, and people put them between groups of digits. Of a JSON number, its digits:
 * leading zeros it has none. Null where there is none: a fraction is no code, and a number from 2^53 on was rounded when it was read.
 */
function readCode(given: unknown): Secret | null {
  const text = Number.isSafeInteger(given) ? String(given) : given;
  if (typeof text !== 'string') return null;
  const typed = text.replace(/\s/g, '').slice(0, LONGEST_CODE + 1);
  return typed === '' ? null : new Secret(typed);
}
