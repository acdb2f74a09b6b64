/** How long a reader that follows hears nothing before it is told that the line still stands. */
const BEAT_MS = 15_000;

/** Sorts before every id. */
export const BEGINNING = '00000000-0000-0000-0000-000000000000';

/** Waits for the oldest one after the id `after`; null when none came within `waitMs`. */
export type Next<T> = (after: string, waitMs: number, signal: AbortSignal) => Promise<T | null>;

/**
 * Everything that comes after the id `start`, oldest first, until `signal` is aborted; null whenever nothing came for 15 s. Nothing
 * is held in memory for a slow reader: the next one is fetched when it asks.
 */
export async function* follow<T extends { readonly id: string }>(
  next: Next<T>,
  start: string,
  signal: AbortSignal,
): AsyncGenerator<T | null> {
  for (let cursor = start; !signal.aborted; ) {
    const item = await next(cursor, BEAT_MS, signal);
    if (signal.aborted) return;
    yield item;
    cursor = item?.id ?? cursor;
  }
}
