import { Type } from '@sinclair/typebox';
import type { Fault } from '../../../errors.ts';
import { CODE_LENGTH } from '../../../otp/code-bounds.ts';
import type { CountryCode } from '../../../values/country.ts';
import { parseIp } from '../../../values/ip-address.ts';
import { type PhoneNumber, parsePhoneNumber } from '../../../values/phone-number.ts';
import { faultsOf, type Reading } from '../reads-judged.ts';

const ADDRESS = 'be the end user’s IPv4 or IPv6 address';

export const channelSchema = Type.Union([Type.Literal('sms'), Type.Literal('voice')], {
  description: 'A message or a call.',
  must: 'be sms or voice',
});

export const numberSchema = Type.String({
  description: 'A phone number, in any spelling; without a country code it is one of the account’s country.',
  examples: ['+9779851023212'],
  must: 'be a phone number as a text, as in "+9779851023212"; a JSON number would lose its + and its zeros',
});

export const codeSchema = Type.String({
  pattern: `^[0-9A-Za-z]{${CODE_LENGTH.least},${CODE_LENGTH.most}}$`,
  description: 'As the end user typed it. Never a JSON number: that loses leading zeros.',
  examples: ['049317'],
  must: `be a text of ${CODE_LENGTH.least} to ${CODE_LENGTH.most} letters A to Z or digits 0 to 9, as in "012345"; a JSON number would lose its leading zeros`,
});

export const addressSchema = Type.String({
  maxLength: 45,
  description: 'The end user’s address: IPv4 or IPv6.',
  examples: ['203.0.113.7'],
  must: ADDRESS,
});

/** @param to any text; where there is none, that is no fault of this field */
export function numberRead(to: string | undefined, country: CountryCode): Reading<PhoneNumber> {
  if (to === undefined) return { faults: [] };
  const parsed = parsePhoneNumber(to, country);
  return parsed.ok ? { value: parsed.number } : { faults: [{ field: 'to', message: parsed.reason }] };
}

/** @param to as above */
export function numberFaults(to: string | undefined, country: CountryCode): readonly Fault[] {
  return faultsOf(numberRead(to, country));
}

export function addressFaults(ip: string | undefined): Fault[] {
  return ip === undefined || parseIp(ip) !== null ? [] : [{ field: 'ip', message: `must ${ADDRESS}` }];
}

/** A number that had no faults. */
export function numberOf(to: string, country: CountryCode): PhoneNumber {
  const parsed = parsePhoneNumber(to, country);
  if (!parsed.ok) throw new Error('a number that was not looked at');
  return parsed.number;
}
