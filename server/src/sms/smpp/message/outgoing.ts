import type { OutboundSms } from '../../carrier.ts';
import type { SubmitSm } from '../pdu/submit-sm.ts';
import { type AddressRules, destinationAddress, sourceAddress } from './address.ts';
import { type Alphabet, encodeParts } from './alphabet.ts';
import { type Validity, validityPeriod } from './validity.ts';

/** How an SMSC wants messages. */
export interface MessageRules extends AddressRules {
  /** The sender of messages that name none. */
  readonly sender: string | null;
  /** How a message of several parts goes: with headers, with sar TLVs, or whole in message_payload. */
  readonly long: 'udh' | 'sar' | 'payload';
  readonly alphabet: Alphabet;
  /** data_coding of text in that alphabet. */
  readonly dataCoding: number;
  readonly validity: Validity;
}

/**
 * What to submit for a message: one for each of its parts, in order, or a single one for all of them where long messages go in
 * message_payload. Null when its destination is no number that can be dialled.
 */
export function outgoing(sms: OutboundSms, rules: MessageRules, now: number): readonly SubmitSm[] | null {
  const destination = destinationAddress(sms.to, rules);
  if (destination === null) return null;
  const source = sourceAddress(sms.from ?? rules.sender, rules);
  const validity = validityPeriod(rules.validity, sms.expiresAt, now);
  const whole = rules.long === 'payload' && (sms.parts[0]?.total ?? 1) > 1;
  const { dataCoding, parts } = encodeParts(sms, rules.alphabet, rules.dataCoding, whole);
  const common = { source, destination, dataCoding, validityPeriod: validity };
  if (whole) return [{ ...common, message: Buffer.concat(parts), place: 'payload', concatenation: null }];
  const by = rules.long === 'sar' ? 'sar' : 'udh';
  return parts.map((message, i) => ({ ...common, message, place: 'short_message', concatenation: joint(sms, i, by) }));
}

function joint(sms: OutboundSms, i: number, by: 'udh' | 'sar'): SubmitSm['concatenation'] {
  const part = sms.parts[i];
  if (part === undefined || part.total === 1) return null;
  return { by, reference: part.reference, total: part.total, index: part.index };
}
