/** What one call hears, octet by octet: clips one after another, and silence. */
export interface Playlist {
  /** Begins with the first of `clips`, in place of what was playing. */
  play(clips: readonly Uint8Array[]): void;
  /** Goes on where it is, with the same clips in another codec. */
  recode(clips: readonly Uint8Array[]): void;
  /**
   * Writes the next octets to `into`, from `start` to its end. A clip that ends inside is followed by the next one there and then.
   * @param silence the octet that comes after the last clip.
   * @returns whether the last of what was to be played is among them: true once for each `play` of anything.
   */
  fill(into: Uint8Array, start: number, silence: number): boolean;
}

export function playlist(): Playlist {
  let clips: readonly Uint8Array[] = [];
  let clip = 0;
  let offset = 0;

  return {
    play(next) {
      clips = next;
      clip = 0;
      offset = 0;
    },
    recode(same) {
      // Nothing to go on with: it ended before this came.
      if (clips.length > 0) clips = same;
    },
    fill(into, start, silence) {
      let at = start;
      for (let from = clips[clip]; from !== undefined; from = clips[clip]) {
        const end = Math.min(from.length, offset + into.length - at);
        // A loop, for `set` needs a view of its own for each packet.
        while (offset < end) {
          into[at] = from[offset] as number;
          at += 1;
          offset += 1;
        }
        if (offset < from.length) break;
        clip += 1;
        offset = 0;
      }
      into.fill(silence, at);
      if (clips.length === 0 || clip < clips.length) return false;
      clips = [];
      clip = 0;
      return true;
    },
  };
}
