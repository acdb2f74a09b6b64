import { type Clip, type G711, SAMPLE_RATE } from '../../voice/audio/clip.ts';
import { SILENCE } from '../../voice/audio/g711.ts';

/** What the sandbox phone's trunk would have agreed on: A-law, as everywhere but in North America and Japan (ITU-T G.711 §2). */
export const CODEC: G711 = 'pcma';

/** What one call has heard, from its answer on. Positions are samples since then; clips are shared, so that it holds no sound of its own. */
export interface Recording {
  /** Notes `clips`, one after another from `at` on, in place of what would have been heard after `at`. Returns where they end. */
  play(clips: readonly Clip[], at: number): number;
  /** Forgets what would have been heard after `at`. */
  cut(at: number): void;
  /** What was said, and where it begins: milliseconds since the answer. */
  readonly words: readonly Words[];
  /** The octets on the line, up to the sample `until`: silence wherever nothing played. */
  octets(until: number): Uint8Array;
}

export type Words = readonly [startMs: number, text: string];

interface Piece {
  readonly clip: Clip;
  readonly at: number;
  /** Samples of the clip that were heard. */
  readonly length: number;
}

export function recording(): Recording {
  let pieces: readonly Piece[] = [];

  function cut(at: number): void {
    pieces = pieces
      .filter((piece) => piece.at < at)
      .map((piece) => (piece.at + piece.length <= at ? piece : { ...piece, length: at - piece.at }));
  }

  return {
    cut,
    play(clips, at) {
      cut(at);
      let end = at;
      const added = clips.map((clip) => {
        const piece = { clip, at: end, length: clip.pcm.length };
        end += piece.length;
        return piece;
      });
      pieces = [...pieces, ...added];
      return end;
    },
    get words() {
      return pieces.flatMap(({ clip, at }) =>
        clip.words === undefined ? [] : [[(at * 1000) / SAMPLE_RATE, clip.words] as const],
      );
    },
    octets(until) {
      const line = new Uint8Array(until).fill(SILENCE[CODEC]);
      for (const { clip, at, length } of pieces) {
        const heard = Math.min(length, until - at);
        if (heard > 0) line.set(clip.encoded(CODEC).subarray(0, heard), at);
      }
      return line;
    },
  };
}
