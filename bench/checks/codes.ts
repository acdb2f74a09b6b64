import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { destination } from '../load/target.ts';

/** Wrong codes that a verification takes before it ends, in every service. */
export const MAX_ATTEMPTS = 5;

/** How long codes can be checked after they were made: longer than any run, ms. */
export const TTL_MS = 3_600_000;

const CODES = 1_000_000;

/** The code of the i-th verification, six digits. */
export function codeOf(i: number): string {
  // Knuth's multiplier shares no factor with the number of codes: neighbours look nothing alike, and every code comes equally often.
  return digits((i * 2_654_435_761) % CODES);
}

/** A code that the i-th verification does not have. */
export function wrongCodeOf(i: number): string {
  return digits((Number(codeOf(i)) + 1) % CODES);
}

/** The number that the i-th verification was sent to: each has its own. */
export function numberOf(i: number): string {
  return `+${destination(i)}`;
}

/**
 * Writes the list that the load generator goes through: for each verification a line with its key, by which the service finds it, and
 * the code to give. All keys are equally long.
 */
export async function writeList(
  file: string,
  count: number,
  keyOf: (i: number) => string,
  giveOf: (i: number) => string,
): Promise<void> {
  function* lines() {
    for (let i = 0; i < count; i++) yield `${keyOf(i)} ${giveOf(i)}\n`;
  }
  await pipeline(lines, createWriteStream(file));
}

function digits(value: number): string {
  return String(value).padStart(6, '0');
}
