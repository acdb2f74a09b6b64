/**
 * The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038 §6.2.1 and §6.2.1.1), both ways.
 * The locale tables of §6.2.1.2 are not used: few handsets carry them, and a code is digits.
 */
const DEFAULT_ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅå' + // 0x00
  'Δ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ' + // 0x10, with ESC at 0x1B
  ' !"#¤%&\'()*+,-./' +
  '0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNO' +
  'PQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmno' +
  'pqrstuvwxyzäöñüà';

/** Characters that cost two septets: ESC and the one given here. */
const EXTENSION: readonly (readonly [character: string, septet: number])[] = [
  ['\f', 0x0a],
  ['^', 0x14],
  ['{', 0x28],
  ['}', 0x29],
  ['\\', 0x2f],
  ['[', 0x3c],
  ['~', 0x3d],
  [']', 0x3e],
  ['|', 0x40],
  ['€', 0x65],
];

export const ESC = 0x1b;

/** In `SEPTETS`: this bit is set on a character of the extension table, whose septet is in the lower seven. */
export const EXTENDED = 0x80;
/** In `SEPTETS`: a control character that no message carries. It is left out, in both encodings. */
export const DROPPED = 0xfe;
/** In `SEPTETS`: not in the alphabet; the message needs UCS-2. */
export const FOREIGN = 0xff;

/**
 * What each UTF-16 code unit is in GSM-7: its septet, `EXTENDED | septet`, `DROPPED` or `FOREIGN`.
 * One flat table: looking a character up is the inner loop of pricing and of sending.
 */
export const SEPTETS: Uint8Array = septetTable();

function septetTable(): Uint8Array {
  const table = new Uint8Array(0x10000).fill(FOREIGN);
  // C0, DEL and C1. An ESC from a user would open the extension table under the character after it. A tab stays: text needs it.
  for (let unit = 0; unit < 0x20; unit++) table[unit] = DROPPED;
  for (let unit = 0x7f; unit < 0xa0; unit++) table[unit] = DROPPED;
  table[0x09] = FOREIGN;
  for (let septet = 0; septet < 128; septet++) if (septet !== ESC) table[DEFAULT_ALPHABET.charCodeAt(septet)] = septet;
  for (const [character, septet] of EXTENSION) table[character.charCodeAt(0)] = EXTENDED | septet;
  return table;
}

const EXTENSION_CHARACTERS = new Map(EXTENSION.map(([character, septet]) => [septet, character]));

/**
 * Text of unpacked septets, as a handset shows them (TS 23.038 §6.2.1.1): an ESC before a septet that the extension table
 * does not hold shows the default alphabet's character; an ESC before another ESC, or at the end, shows a space.
 * An octet above 0x7F is no septet and shows U+FFFD.
 */
export function decodeGsm7(payload: Uint8Array): string {
  let text = '';
  let escaped = false;
  for (const octet of payload) {
    if (octet === ESC) {
      if (escaped) text += ' ';
      escaped = !escaped;
      continue;
    }
    const character = octet > 0x7f ? '\ufffd' : DEFAULT_ALPHABET.charAt(octet);
    text += escaped ? (EXTENSION_CHARACTERS.get(octet) ?? character) : character;
    escaped = false;
  }
  return escaped ? `${text} ` : text;
}
