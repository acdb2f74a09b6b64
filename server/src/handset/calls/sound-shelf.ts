import type { Clock, Timer } from '../../values/clock.ts';

// Some 140 minutes of A-law, or a few hundred calls: what a person or a test goes back to, and no burden for a server.
const MAX_BYTES = 64 * 1024 * 1024;
/** As long as the call itself is shown: codes are kept a day. */
const KEEP_MS = 86_400_000;

/** What ended calls sounded like, in the memory of the node that placed them: the latest ones, within a bound. */
export interface SoundShelf {
  put(callId: string, octets: Uint8Array): void;
  /** Null when it is not there, or not any more. */
  get(callId: string): Uint8Array | null;
  readonly size: number;
  clear(): void;
}

export function soundShelf(clock: Clock, maxBytes = MAX_BYTES): SoundShelf {
  // In order of arrival: the first is the oldest.
  const sounds = new Map<string, { readonly octets: Uint8Array; readonly timer: Timer }>();
  let bytes = 0;

  function drop(callId: string): void {
    const sound = sounds.get(callId);
    if (sound === undefined) return;
    sound.timer.cancel();
    sounds.delete(callId);
    bytes -= sound.octets.length;
  }

  return {
    put(callId, octets) {
      drop(callId);
      sounds.set(callId, { octets, timer: clock.after(KEEP_MS, () => drop(callId)) });
      bytes += octets.length;
      for (const oldest of sounds.keys()) {
        if (bytes <= maxBytes) break;
        drop(oldest);
      }
    },
    get: (callId) => sounds.get(callId)?.octets ?? null,
    get size() {
      return sounds.size;
    },
    clear() {
      for (const callId of [...sounds.keys()]) drop(callId);
    },
  };
}
