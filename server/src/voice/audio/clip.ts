/** Samples a second of everything that is played or heard: what G.711 carries (RFC 3551 §4.5.14). */
export const SAMPLE_RATE = 8000;

/** The codecs a trunk may choose: A-law and µ-law (ITU-T G.711). */
export type G711 = 'pcma' | 'pcmu';

/** A piece of sound, 8 kHz mono, encoded once for each codec and shared by every call that plays it. */
export interface Clip {
  /** A digest of the samples: the same sound has the same key, so that players may keep what they were given. */
  readonly key: string;
  /** 16 bit, over shared memory: a thread that plays it gets no copy. */
  readonly pcm: Int16Array;
  /** One octet a sample, over shared memory; encoded when first asked for. */
  encoded(codec: G711): Uint8Array;
  /**
   * What it says, as text: a prompt's words, or one character of a code. For the sandbox phone's transcripts alone, never for a log;
   * absent where nothing is said. Not part of the key: one sound is one sound, whatever it is called.
   */
  readonly words?: string;
}

/** How long a clip plays, milliseconds. */
export function clipMs(clip: Pick<Clip, 'pcm'>): number {
  return (clip.pcm.length * 1000) / SAMPLE_RATE;
}
