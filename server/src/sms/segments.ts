import { DROPPED, EXTENDED, FOREIGN, SEPTETS } from './gsm7.ts';

/** One part of a message as it goes on the air. */
export interface SmsPart {
  /**
   * Unpacked GSM-7 septets (one in each octet, GSM 03.38 values) or UTF-16BE, without a header.
   * 160 / 153 septets, 140 / 134 octets at the most, for a single part / a part of several.
   */
  readonly payload: Uint8Array;
  /** 1 … total. */
  readonly index: number;
  readonly total: number;
  /** The concatenation reference, 0–255, the same in all parts of a message; 0 for a single part. */
  readonly reference: number;
}

export type SmsEncoding = 'gsm7' | 'ucs2';

/** What fits, in septets or UTF-16 units: 140 octets, less six for the header of a part of several (3GPP TS 23.040 §9.2.3.24.1). */
export const ROOM = {
  gsm7: { single: 160, part: 153 },
  ucs2: { single: 70, part: 67 },
} as const;

/** The most segments a message of ours may take: past ten, handsets and carriers begin to lose parts. Callers refuse more. */
export const MAX_SEGMENTS = 10;

/** How many segments a text takes, ≥ 1. Linear, without allocation: this is what a send is priced by. */
export function countSegments(text: string): number {
  // No character costs more than two septets or one UTF-16 unit, so seventy fit in one segment whatever they are.
  if (text.length <= ROOM.ucs2.single) return 1;
  const septets = septetsIn(text);
  const encoding = septets < 0 ? 'ucs2' : 'gsm7';
  if ((septets < 0 ? unitsIn(text) : septets) <= ROOM[encoding].single) return 1;
  let segments = 0;
  for (let from = 0; from < text.length; from = partEnd(text, from, encoding)) segments++;
  return segments;
}

/** Septets that a text takes, or −1 if it needs UCS-2. */
export function septetsIn(text: string): number {
  let septets = 0;
  for (let i = 0; i < text.length; i++) {
    const septet = SEPTETS[text.charCodeAt(i)] ?? FOREIGN;
    if (septet < EXTENDED) septets++;
    else if (septet === FOREIGN) return -1;
    else if (septet !== DROPPED) septets += 2;
  }
  return septets;
}

/** UTF-16 units that a text takes in UCS-2. */
export function unitsIn(text: string): number {
  let units = 0;
  for (let i = 0; i < text.length; i++) if (SEPTETS[text.charCodeAt(i)] !== DROPPED) units++;
  return units;
}

/**
 * Where a part of several that starts at `from` ends in `text`: as much as fits, but neither between ESC and its septet
 * nor between the halves of a surrogate pair, which a handset would show as two wrong characters.
 */
export function partEnd(text: string, from: number, encoding: SmsEncoding): number {
  const room = ROOM[encoding].part;
  let used = 0;
  let at = from;
  while (at < text.length) {
    const width = encoding === 'ucs2' && isPair(text, at) ? 2 : 1;
    used += cost(SEPTETS[text.charCodeAt(at)] ?? FOREIGN, encoding, width);
    if (used > room) break;
    at += width;
  }
  return at;
}

function cost(septet: number, encoding: SmsEncoding, width: number): number {
  if (septet === DROPPED) return 0;
  if (encoding === 'ucs2') return width;
  return septet < EXTENDED ? 1 : 2;
}

function isPair(text: string, at: number): boolean {
  const high = text.charCodeAt(at);
  const low = text.charCodeAt(at + 1);
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}
