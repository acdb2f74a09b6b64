import { parseIp } from '../../values/ip-address.ts';
import type { Random } from '../../values/random.ts';
import { type Cast, isGiven } from './cast.ts';

const BRACKETS = /^\[(.*)\](?::\d{1,5})?$/;
const V4_PORT = /^([\d.]+):\d{1,5}$/;
const ZONE = /%.*$/;

/**
 * An end user's address, of either family, as programs come by one: alone, with a port, in brackets, with a zone, or first in a list of proxies
 * (`X-Forwarded-For`). All spellings of it are one address to those who compare them.
 */
export const recipientIp: Cast<string> = (value) => {
  const given: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  const text = typeof given === 'string' ? given.trim() : '';
  const address = addressIn(text);
  if (parseIp(address) === null) return { ignored: 'is not an IP address' };
  const alone = given === value && address === text;
  return { value: address, notes: alone ? [] : ['held more than an address: the first one was taken'] };
};

function addressIn(text: string): string {
  const first = (text.split(',', 1)[0] ?? '').trim();
  const host = BRACKETS.exec(first)?.[1] ?? V4_PORT.exec(first)?.[1] ?? first;
  return host.replace(ZONE, '');
}

/**
 * The address that a check comes from; null: none was given. What was given and cannot be read is not the one that a code was sent for, or
 * whoever writes it oddly would get past the comparison.
 */
export function addressOfCheck(value: unknown, random: Random): string | null {
  if (!isGiven(value)) return null;
  const taken = recipientIp(value);
  return 'value' in taken ? taken.value : nobodysAddress(random);
}

/**
 * An address that nobody has: IANA has given none of 4000::/3 away. Of another network each time, for failures in one network add up to a lock,
 * which must not fall on all whose address cannot be read.
 */
function nobodysAddress(random: Random): string {
  const group = () => random.below(0x10000).toString(16);
  return `4000:${group()}:${group()}:${group()}::`;
}
