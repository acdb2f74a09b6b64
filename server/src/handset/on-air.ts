import type { SmsPart } from '../sms/segments.ts';

/**
 * The octets of a part's user data as hex, lower case: in a message of several parts with the concatenation header before the
 * payload (3GPP TS 23.040 §9.2.3.24.1, 8-bit reference: `05 00 03 reference total index`). GSM-7 septets stay unpacked, one an
 * octet, as in a submit_sm.
 */
export function onAirHex(part: SmsPart): string {
  const payload = Buffer.from(part.payload).toString('hex');
  if (part.total === 1) return payload;
  return Buffer.from([5, 0, 3, part.reference, part.total, part.index]).toString('hex') + payload;
}
