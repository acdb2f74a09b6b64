import type { ReceiptState } from '../../../rules/outcome.ts';
import type { CarrierReceipt } from '../../carrier.ts';
import type { Delivered } from '../pdu/deliver-sm.ts';
import { canonicalId, canonicalReceiptId, type ReceiptIdBase } from './message-id.ts';
import { receiptDate } from './receipt-date.ts';

/** What has to be known about an SMSC to read its receipts. */
export interface ReceiptRules {
  readonly receiptIdBase: ReceiptIdBase;
  /** What the clock of `done date` is ahead of UTC, minutes. */
  readonly receiptUtcOffsetMinutes: number;
}

/** message_state (SMPP 3.4 §5.2.28; 0 and 9 are of 5.0). */
const STATES: Readonly<Record<number, ReceiptState>> = {
  0: 'pending', // SCHEDULED
  1: 'pending', // ENROUTE
  2: 'delivered',
  3: 'expired',
  4: 'deleted',
  5: 'undelivered',
  6: 'pending', // ACCEPTED: read by customer service, or only taken over by the next network
  7: 'unknown',
  8: 'rejected',
  9: 'undelivered', // SKIPPED
};

/** `stat:` by its first letters, for SMSCs cut and spell it differently (SMPP 3.4 Appendix B has seven letters). */
const STATS: readonly (readonly [RegExp, ReceiptState])[] = [
  [/^DELIV/, 'delivered'],
  [/^EXP/, 'expired'],
  [/^DELE/, 'deleted'],
  [/^(UNDEL|FAIL|SKIP)/, 'undelivered'],
  [/^REJ/, 'rejected'],
  [/^(ACCEP|ACK|BUFF|ENROU|QUEUED|SCHED|SENT)/, 'pending'],
];

/** A receipt's text is some 120 characters; what is behind this many is not looked at. */
const LONGEST_TEXT = 512;
const UCS2 = 8;
const ESM_UDHI = 0x40;

/**
 * Reads a receipt: from its TLVs, and what they leave open from its text (SMPP 3.4 Appendix B).
 * Null when there is no id in it, so that nobody can say which message it is about.
 * @param arrival ms since the epoch.
 */
export function readReceipt(message: Delivered, rules: ReceiptRules, arrival: number): CarrierReceipt | null {
  const { receiptedMessageId, messageState, networkErrorCode } = message.options;
  const text = receiptText(message);
  // No colon in an id: an empty `id:` would take the next key for its value.
  const textId = field(text, /(?:^|\s)id:\s*([!-9;-~]{1,64})(?=\s|$)/i);
  const messageId = receiptId(receiptedMessageId, textId, rules.receiptIdBase);
  if (messageId === null) return null;
  const stat = field(text, /(?:^|\s)stat:\s*([a-z]{1,20})/i)?.toUpperCase();
  const err = field(text, /(?:^|\s)err:\s*([0-9a-z]{1,10})(?=\s|$)/i);
  const done = field(text, /(?:^|\s)done ?date:\s*([0-9]{10,14})(?=\s|$)/i);
  return {
    messageId,
    state: messageState !== null ? (STATES[messageState] ?? 'unknown') : stateOf(stat ?? ''),
    code: networkErrorCode !== null ? String(networkErrorCode) : err,
    at: done === null ? arrival : receiptDate(done, rules.receiptUtcOffsetMinutes, arrival),
  };
}

/**
 * The TLV, where there is one. By the specification it repeats the answer's id; SMSCs that write the text in another base do so
 * in the TLV too, or not: where the text, converted, is the same as the TLV as it is, the TLV needs no conversion.
 */
function receiptId(tlv: string | null, text: string | null, base: ReceiptIdBase): string | null {
  const fromText = text === null ? null : canonicalReceiptId(text, base);
  if (tlv === null || !/^[!-~]+$/.test(tlv)) return fromText;
  return canonicalId(tlv) === fromText ? fromText : canonicalReceiptId(tlv, base);
}

/** The text before `text:`, which repeats the message: a code, and words that could look like fields. */
function receiptText({ esmClass, dataCoding, message }: Delivered): string {
  const header = (esmClass & ESM_UDHI) !== 0 ? (message[0] ?? 0) + 1 : 0;
  const octets = message.subarray(header, header + 2 * LONGEST_TEXT);
  const text = dataCoding === UCS2 ? utf16be(octets) : octets.toString('latin1');
  const echo = text.search(/text:/i);
  return text.slice(0, echo < 0 ? LONGEST_TEXT : echo);
}

function utf16be(octets: Buffer): string {
  const whole = octets.subarray(0, octets.length & ~1);
  return Buffer.from(whole).swap16().toString('utf16le');
}

function field(text: string, pattern: RegExp): string | null {
  return pattern.exec(text)?.[1] ?? null;
}

function stateOf(stat: string): ReceiptState {
  return STATS.find(([pattern]) => pattern.test(stat))?.[1] ?? 'unknown';
}
