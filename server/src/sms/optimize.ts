import { septetsIn } from './segments.ts';

/**
 * Characters outside GSM-7 that a reader takes for another: what is written instead, and what for. A letter loses its mark only where
 * people write it without one on phones and read it so (ê, č, ł), and where GSM-7 has the nearer letter it is that one (ő is ö to a
 * Hungarian). Not here, so that a text with one of them is sent as it is: letters that are letters of their own (Turkish ı ğ ş,
 * Icelandic ð þ, Croatian đ, Vietnamese ơ ư), other scripts, currency signs, emoji. Neither is ç written as the Ç that GSM-7 has.
 */
const PLAINER: readonly (readonly [plain: string, characters: string])[] = [
  ["'", '‘’‚‛′ʼ`´‹›'],
  ['"', '“”„‟″«»'],
  ['-', '‐‑‒–—―−•'],
  ['...', '…'],
  ['.', '·'],
  ['x', '×'],
  [' ', '\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000'],
  ['\n', '\u2028\u2029'],
  // Invisible where the writing runs from left to right: soft hyphen, zero widths, directions.
  ['', '\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff'],
  ['oe', 'œ'],
  ['OE', 'Œ'],
  ['a', 'áâãāăą'],
  ['A', 'ÀÁÂÃĀĂĄ'],
  ['c', 'çćĉċč'],
  ['C', 'ĆĈĊČ'],
  ['d', 'ď'],
  ['D', 'Ď'],
  ['e', 'êëēĕėęě'],
  ['E', 'ÈÊËĒĔĖĘĚ'],
  ['g', 'ĝġģ'],
  ['G', 'ĜĠĢ'],
  ['i', 'íîïīįĩĭ'],
  ['I', 'ÌÍÎÏĪĮĨĬ'],
  ['k', 'ķ'],
  ['K', 'Ķ'],
  ['l', 'ĺļľł'],
  ['L', 'ĹĻĽŁ'],
  ['n', 'ńņň'],
  ['N', 'ŃŅŇ'],
  ['o', 'óôõōŏ'],
  ['O', 'ÒÓÔÕŌŎ'],
  ['ö', 'ő'],
  ['Ö', 'Ő'],
  ['r', 'ŕŗř'],
  ['R', 'ŔŖŘ'],
  ['s', 'śŝšș'],
  ['S', 'ŚŜŠȘ'],
  ['t', 'ţťț'],
  ['T', 'ŢŤȚ'],
  ['u', 'úûūŭůų'],
  ['U', 'ÙÚÛŪŬŮŲ'],
  ['ü', 'ű'],
  ['Ü', 'Ű'],
  ['w', 'ŵ'],
  ['W', 'Ŵ'],
  ['y', 'ýÿŷ'],
  ['Y', 'ÝŸŶ'],
  ['z', 'źżž'],
  ['Z', 'ŹŻŽ'],
];

const PLAIN: ReadonlyMap<string, string> = new Map(
  PLAINER.flatMap(([plain, characters]) => Array.from(characters, (character) => [character, plain] as const)),
);

/**
 * The text in GSM-7, where a part holds more than twice as much, if nothing that a reader needs is lost by it; else the very same text: one
 * character that cannot be replaced makes a message UCS-2, and then every other may stay as well. It may become longer ("…" is "...").
 */
export function optimizeForGsm7(text: string): string {
  if (septetsIn(text) >= 0) return text;
  let plain = '';
  // Composed first: an "e" with an accent behind it is two characters.
  for (const character of text.normalize('NFC')) plain += PLAIN.get(character) ?? character;
  return septetsIn(plain) < 0 ? text : plain;
}
