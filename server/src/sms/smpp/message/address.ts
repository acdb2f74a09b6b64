/** An address as a PDU holds it (SMPP 3.4 §5.2.5, §5.2.6, §5.2.8). */
export interface Address {
  readonly ton: number;
  readonly npi: number;
  /** Printable ASCII, at most 20 characters. */
  readonly digits: string;
}

/** What replaces the rules below; null: the rule holds. */
export interface AddressRules {
  readonly sourceTon: number | null;
  readonly sourceNpi: number | null;
  readonly destTon: number | null;
  readonly destNpi: number | null;
}

/** Octets of source_addr and destination_addr, with the NUL (SMPP 3.4 §4.4.1). */
export const ADDRESS_SIZE = 21;

const UNKNOWN = 0;
const INTERNATIONAL = 1;
const NETWORK_SPECIFIC = 3;
const ALPHANUMERIC = 5;
const ISDN = 1;

/** 3GPP TS 23.040 §9.1.2.5: an alphanumeric address has room for eleven septets. */
const LONGEST_NAME = 11;

/** An empty address: the SMSC sets the sender itself. */
const NO_ADDRESS: Address = { ton: UNKNOWN, npi: UNKNOWN, digits: '' };

/**
 * The sender: E.164 as 1/1 without its `+`, a short code of digits as 3/0, a name as 5/0. What no field can hold is left out or
 * cut off; the sender of a message is a courtesy, its text is not touched.
 */
export function sourceAddress(from: string | null, { sourceTon, sourceNpi }: AddressRules): Address {
  if (from === null) return NO_ADDRESS;
  const { ton, npi, digits } = sender(from);
  if (digits === '') return NO_ADDRESS;
  return { ton: sourceTon ?? ton, npi: sourceNpi ?? npi, digits };
}

function sender(from: string): Address {
  if (/^\+[0-9]{1,15}$/.test(from)) return { ton: INTERNATIONAL, npi: ISDN, digits: from.slice(1) };
  if (/^[0-9]+$/.test(from)) return { ton: NETWORK_SPECIFIC, npi: UNKNOWN, digits: from.slice(0, ADDRESS_SIZE - 1) };
  const name = from.replace(/[^\x20-\x7e]/g, '').slice(0, LONGEST_NAME);
  return { ton: ALPHANUMERIC, npi: UNKNOWN, digits: name };
}

/**
 * The callee, 1/1 without the `+`. Null for what is not E.164: a number that is cut or mended would take the code to somebody
 * else.
 */
export function destinationAddress(to: string, { destTon, destNpi }: AddressRules): Address | null {
  if (!/^\+[1-9][0-9]{3,14}$/.test(to)) return null;
  return { ton: destTon ?? INTERNATIONAL, npi: destNpi ?? ISDN, digits: to.slice(1) };
}
