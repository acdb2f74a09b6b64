import { parseIp } from '../../values/ip-address.ts';
import type { Cast } from './cast.ts';

/** An end user's address, of either family. All of its spellings are one address to those who compare it. */
export const recipientIp: Cast<string> = (value) => {
  const text = typeof value === 'string' ? value.trim() : '';
  return parseIp(text) === null ? { ignored: 'is not an IP address' } : { value: text, notes: [] };
};
