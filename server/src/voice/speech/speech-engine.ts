/** Which voice speaks. */
export interface Voice {
  /** The service's name for it, as in `np_rija` or `fr-FR/female/1`: part of the key of every cached clip. */
  readonly name: string;
  /** BCP 47, as in `fr-FR`. */
  readonly locale: string;
  readonly gender: 'female' | 'male';
  /** −4 … 4 steps of 3 dB; 0: as it is. */
  readonly volume: number;
}

/** What is to be said. `ssml` was written anew by `ssml.ts` from its allow-list: an engine never sees a caller's own markup. */
export type Utterance =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'ssml'; readonly ssml: string };

/** Sound as an engine makes it, mono. */
export interface Pcm {
  readonly samples: Int16Array;
  /** Samples a second. */
  readonly rate: number;
}

/** Turns words into sound. */
export interface SpeechEngine {
  readonly name: string;
  /** Whether it has a voice for this one. */
  speaks(voice: Voice): boolean;
  /**
   * Rejects with `PassbellError('unavailable', { reason: 'speech' })` when it is not there or has too much to do, and with an
   * ordinary error when what came out is silence.
   */
  say(utterance: Utterance, voice: Voice, signal: AbortSignal): Promise<Pcm>;
  close(): Promise<void>;
}
