import { DROPPED, ESC, EXTENDED, FOREIGN, SEPTETS } from './gsm7.ts';
import { partEnd, ROOM, type SmsEncoding, type SmsPart, septetsIn, unitsIn } from './segments.ts';

export interface EncodedSms {
  readonly encoding: SmsEncoding;
  /** In order, 1 … 255 of them. */
  readonly parts: readonly SmsPart[];
}

/** One octet holds the number of parts (3GPP TS 23.040 §9.2.3.24.1). */
const MAX_PARTS = 255;

/**
 * Encodes a text for the air: GSM-7 if every character has a place there, else UTF-16BE (sent as UCS-2, as every handset
 * reads it), in one part or in several.
 *
 * What cannot stand in a message is made harmless, not refused: half of a surrogate pair becomes U+FFFD; control characters
 * other than LF, CR, FF and TAB are left out.
 *
 * @param reference 0–255, tells the parts of this message from those of another to the same number.
 * @throws RangeError past 255 parts; callers refuse far less (`MAX_SEGMENTS`).
 */
export function encodeSms(text: string, reference: number): EncodedSms {
  const septets = septetsIn(text);
  const encoding = septets < 0 ? 'ucs2' : 'gsm7';
  const size = septets < 0 ? unitsIn(text) : septets;
  if (size > ROOM[encoding].single) return { encoding, parts: split(text, encoding, reference & 0xff) };
  return {
    encoding,
    parts: [{ payload: octets(text.toWellFormed(), encoding, size), index: 1, total: 1, reference: 0 }],
  };
}

function split(text: string, encoding: SmsEncoding, reference: number): readonly SmsPart[] {
  const whole = text.toWellFormed();
  const payloads: Uint8Array[] = [];
  for (let from = 0; from < whole.length; ) {
    const to = partEnd(whole, from, encoding);
    const part = whole.slice(from, to);
    payloads.push(octets(part, encoding, encoding === 'gsm7' ? septetsIn(part) : unitsIn(part)));
    from = to;
  }
  const total = payloads.length;
  if (total > MAX_PARTS)
    throw new RangeError(`a text of ${total} parts; ${MAX_PARTS} is the most that can be numbered`);
  return payloads.map((payload, i) => ({ payload, index: i + 1, total, reference }));
}

/** @param size what `septetsIn` or `unitsIn` counted. */
function octets(text: string, encoding: SmsEncoding, size: number): Uint8Array {
  return encoding === 'gsm7' ? gsm7(text, size) : utf16be(text, size);
}

function gsm7(text: string, septets: number): Uint8Array {
  // From Buffer's pool: a typed array of its own would cost more than filling it. Every octet is written below.
  const out = Buffer.allocUnsafe(septets);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const septet = SEPTETS[text.charCodeAt(i)] ?? FOREIGN;
    if (septet === DROPPED) continue;
    if (septet >= EXTENDED) out[at++] = ESC;
    out[at++] = septet & 0x7f;
  }
  return out;
}

function utf16be(text: string, units: number): Uint8Array {
  const out = Buffer.allocUnsafe(units * 2);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (SEPTETS[unit] === DROPPED) continue;
    out[at++] = unit >> 8;
    out[at++] = unit & 0xff;
  }
  return out;
}
