import { readWav, type WavLimits, type WavSource } from './read-wav.ts';
import { samplesText } from './samples-text.ts';

/** A sound as it is stored. */
export interface StoredSound {
  /** How many, 8 kHz mono. */
  readonly samples: number;
  /** See `samplesText`. */
  readonly pcm: string;
  /** What it was before, for people: `44100 Hz, 2 channels, pcm 16 bit`. */
  readonly source: string;
}

/** Brings a WAV file into the form in which it is stored; a sentence for people when it cannot be used. */
export type ConvertsWav = (wav: Uint8Array, limits: WavLimits) => Promise<StoredSound | string>;

/** The same at once, on the thread that asks. */
export function convertWav(wav: Uint8Array, limits: WavLimits): StoredSound | string {
  const read = readWav(wav, limits);
  if (typeof read === 'string') return read;
  const { pcm } = read.clip;
  return { samples: pcm.length, pcm: samplesText(pcm), source: described(read.source) };
}

function described({ rate, channels, format, bits }: WavSource): string {
  return `${rate} Hz, ${channels} channel${channels === 1 ? '' : 's'}, ${format} ${bits} bit`;
}
