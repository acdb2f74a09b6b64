import type { Handset } from './handset.ts';
import type { HandsetMessage } from './message.ts';

/** How long a reader that follows hears nothing before it is told that the line still stands. */
const BEAT_MS = 15_000;

/** Sorts before every id. */
const BEGINNING = '00000000-0000-0000-0000-000000000000';

/**
 * Every message of the account after the id `after` (null: from the moment this resolves), oldest first, until `signal` is
 * aborted; null whenever none came for 15 s. Nothing is held in memory for a slow reader: the next one is fetched when it asks.
 */
export async function follow(
  handset: Pick<Handset, 'messages' | 'next'>,
  accountId: string,
  after: string | null,
  signal: AbortSignal,
): Promise<AsyncIterable<HandsetMessage | null>> {
  const start = after ?? (await handset.messages(accountId, null, 1))[0]?.id ?? BEGINNING;
  return (async function* () {
    for (let cursor = start; !signal.aborted; ) {
      const message = await handset.next(accountId, null, cursor, BEAT_MS, signal);
      if (signal.aborted) return;
      yield message;
      cursor = message?.id ?? cursor;
    }
  })();
}
