import { chiSquareTail } from './chi-square.ts';

/** How unlikely what an honest source drew may be before it counts as no chance: over a hundred positions, once in a million runs. */
export const CHANCE = 1e-8;

/** How likely an honest source draws codes that are as uneven as these, or more so. */
interface Tails {
  /** For each position of the code. */
  readonly positions: readonly number[];
  /** For all of them together: finds a bias that is too small to show in one. */
  readonly whole: number;
}

/** Pearson's χ² of each position of many codes, against an alphabet of which each character is as likely as the others. */
export function tails(codes: readonly string[], alphabet: string): Tails {
  const length = codes[0]?.length ?? 0;
  const expected = codes.length / alphabet.length;
  const values = Array.from({ length }, (_, position) => {
    const counts = new Float64Array(128);
    for (const code of codes) counts[code.charCodeAt(position)] = (counts[code.charCodeAt(position)] ?? 0) + 1;
    return Array.from(alphabet).reduce((sum, character) => {
      return sum + ((counts[character.charCodeAt(0)] ?? 0) - expected) ** 2 / expected;
    }, 0);
  });
  const degrees = alphabet.length - 1;
  return {
    positions: values.map((value) => chiSquareTail(value, degrees)),
    whole: chiSquareTail(
      values.reduce((sum, value) => sum + value, 0),
      degrees * length,
    ),
  };
}
