import type { OutboundSms } from '../../carrier.ts';
import { decodeGsm7 } from '../../gsm7.ts';

/** What an SMSC takes `data_coding` 0 (or the one configured) to be; nothing in the protocol says it. */
export type Alphabet = 'gsm7' | 'ascii' | 'latin1';

export interface Encoded {
  readonly dataCoding: number;
  /** One for each part. */
  readonly parts: readonly Uint8Array[];
}

/** SMPP 3.4 §5.2.19. */
const UCS2 = 8;

/** The highest character of an alphabet that has Unicode's order. */
const HIGHEST = { ascii: 0x7f, latin1: 0xff } as const;

/** Octets that a UCS-2 part has room for: 140, less the header of a part of several. */
const UCS2_ROOM = { single: 140, part: 134 } as const;

/** Characters of GSM-7 that have no letter of ASCII inside them, in their nearest one. */
const NEAREST: Readonly<Record<string, string>> = {
  '£': 'L',
  '¥': 'Y',
  '€': 'E',
  '§': 'S',
  '¡': '!',
  '¿': '?',
  ß: 's',
  Æ: 'A',
  æ: 'a',
  Ø: 'O',
  ø: 'o',
};

/**
 * The octets of each part in the alphabet that the SMSC expects.
 *
 * A message that its alphabet cannot say (`é` in ASCII, `€` in Latin-1) goes in UCS-2 if every part has room for that. A longer
 * one is written in the alphabet's nearest letters, `?` for those that have none: a code is made of letters and digits that every
 * alphabet has, and a part that outgrew its place would lose them.
 *
 * @param roomy the message goes in message_payload: no part can outgrow its place.
 */
export function encodeParts(sms: OutboundSms, alphabet: Alphabet, dataCoding: number, roomy: boolean): Encoded {
  const payloads = sms.parts.map((part) => part.payload);
  if (sms.encoding === 'ucs2') return { dataCoding: UCS2, parts: payloads };
  if (alphabet === 'gsm7') return { dataCoding, parts: payloads };
  const texts = payloads.map(decodeGsm7);
  const highest = HIGHEST[alphabet];
  if (texts.every((text) => isWithin(text, highest)))
    return { dataCoding, parts: texts.map((text) => Buffer.from(text, 'latin1')) };
  const wide = texts.map((text) => Buffer.from(text, 'utf16le').swap16());
  if (roomy || wide.every((octets, i) => octets.length <= room(sms, i))) return { dataCoding: UCS2, parts: wide };
  return { dataCoding, parts: texts.map((text) => Buffer.from(nearest(text, highest), 'latin1')) };
}

function room(sms: OutboundSms, part: number): number {
  return sms.parts[part]?.total === 1 ? UCS2_ROOM.single : UCS2_ROOM.part;
}

function isWithin(text: string, highest: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > highest) return false;
  return true;
}

function nearest(text: string, highest: number): string {
  return Array.from(text, (character) => {
    if (isWithin(character, highest)) return character;
    const letter = NEAREST[character] ?? character.normalize('NFD').charAt(0);
    return isWithin(letter, highest) ? letter : '?';
  }).join('');
}
