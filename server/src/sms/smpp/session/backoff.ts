import type { Random } from '../../../values/random.ts';

const FLOOR_MS = 500;
const FIRST_MS = 1_000;
const CAP_MS = 30_000;

/**
 * How long to wait before the next connection: anywhere between half a second and a ceiling that doubles from one second to
 * thirty. The jitter is full, so that nodes that lost their SMSC together do not come back together.
 * @param failures in a row before this one; 0 for the first.
 * @returns ms.
 */
export function reconnectDelay(failures: number, random: Random): number {
  const ceiling = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return FLOOR_MS + random.below(ceiling - FLOOR_MS + 1);
}
