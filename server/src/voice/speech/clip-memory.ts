import type { Clip } from '../audio/clip.ts';

/** Clips in memory, by what is said in them; what was used longest ago goes first. */
export interface ClipMemory {
  get(key: string): Clip | undefined;
  set(key: string, clip: Clip): void;
}

/** A clip holds its samples twice over: as they are, and one octet each for each of two codecs. */
const BYTES_A_SAMPLE = 4;
const BYTES_AN_ENTRY = 512;

/** @param maxBytes what the clips may take, about. */
export function clipMemory(maxBytes = 48 * 1024 * 1024): ClipMemory {
  // A Map keeps the order in which keys were put in: the first is the one used longest ago.
  const clips = new Map<string, Clip>();
  let bytes = 0;

  function size(key: string, clip: Clip): number {
    return clip.pcm.length * BYTES_A_SAMPLE + key.length * 2 + BYTES_AN_ENTRY;
  }

  function remove(key: string): void {
    const clip = clips.get(key);
    if (!clip) return;
    bytes -= size(key, clip);
    clips.delete(key);
  }

  return {
    get(key) {
      const clip = clips.get(key);
      if (!clip) return undefined;
      clips.delete(key);
      clips.set(key, clip);
      return clip;
    },
    set(key, clip) {
      remove(key);
      clips.set(key, clip);
      bytes += size(key, clip);
      for (const oldest of clips.keys()) {
        if (bytes <= maxBytes) return;
        remove(oldest);
      }
    },
  };
}
