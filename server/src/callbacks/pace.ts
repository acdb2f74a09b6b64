/** How many callbacks one receiver gets at once, how many may wait for it, and how fast it takes them. */
export interface Pace {
  /** In flight at the most, now. */
  readonly limit: number;
  /** Waiting at the most, now. */
  readonly room: number;
  /**
   * A callback has come back. @param strained the receiver did not answer, answered late, or said that it has too much to do.
   * @param tookMs how long it was in flight.
   */
  finished(strained: boolean, tookMs: number): void;
  /** When a callback for which there is no room is likely to be served, on the clock of `now`; each call is for one more of them. */
  putOff(now: number): number;
}

/** In flight to one receiver at the most. */
export const MOST_IN_FLIGHT = 64;
/** So many wait for each place in flight: a receiver that hangs must not fill the memory either. */
const WAITING_A_PLACE = 32;
/** Nobody is put off for less: the next claim would only find the queue full again. */
const SHORTEST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 3_600_000;
/** How much the last callback counts in the mean. */
const WEIGHT = 0.2;

/**
 * Halves with every sign of strain and grows by one with every good answer (TCP's way, RFC 5681), so that a receiver that hangs soon
 * holds one connection, and not sixty-four, while others wait for theirs.
 *
 * What finds no room is spread over the time that the receiver needs for it: rows that came back all at once would be claimed and put
 * off over and over.
 */
export function pace(): Pace {
  let limit = MOST_IN_FLIGHT;
  let meanMs: number | undefined;
  let horizon = 0;
  return {
    get limit() {
      return limit;
    },
    get room() {
      return limit * WAITING_A_PLACE;
    },
    finished(strained, tookMs) {
      limit = strained ? Math.max(1, limit >> 1) : Math.min(MOST_IN_FLIGHT, limit + 1);
      meanMs = meanMs === undefined ? tookMs : meanMs + WEIGHT * (tookMs - meanMs);
    },
    putOff(now) {
      horizon = Math.max(horizon, now + SHORTEST_WAIT_MS) + (meanMs ?? 0) / limit;
      horizon = Math.min(horizon, now + LONGEST_WAIT_MS);
      return Math.round(horizon);
    },
  };
}
