import { parseIp, unmapped } from '../values/ip-address.ts';

/** An end user's IP address, as limits and checks see it. */
export interface EndUserAddress {
  /** One text for all spellings of it. */
  readonly exact: string;
  /** What limits count by: an IPv6 network of 64 bits is one customer's (RFC 6177), who picks addresses in it at will. */
  readonly network: string;
}

/** Null where `text` is no address. */
export function endUserAddress(text: string): EndUserAddress | null {
  const parsed = parseIp(text);
  if (parsed === null) return null;
  const { family, value } = unmapped(parsed);
  const exact = `${family}:${value.toString(16)}`;
  return { exact, network: family === 4 ? exact : `6:${(value >> 64n).toString(16)}/64` };
}
