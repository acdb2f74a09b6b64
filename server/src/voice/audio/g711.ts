import type { G711 } from './clip.ts';

// ITU-T G.711 (11/88), tables 1a and 2a, in the form of the reference code of G.191: a sample's magnitude is its one's complement
// where it is negative, so that the two halves mirror each other.

/** A-law inverts every second bit of what goes on the wire (G.711 §3.2). */
const EVEN_BITS = 0x55;
/** What µ-law adds to a magnitude of 13 bits so that each of its eight segments begins at a power of two. */
const MU_BIAS = 33;
const MU_MAX = 0x1fff;

function toAlaw(sample: number): number {
  const magnitude = (sample < 0 ? ~sample : sample) >> 4;
  // Eleven bits: the first two segments are one straight line.
  const segment = Math.max(0, 31 - Math.clz32(magnitude >> 4));
  const code = segment === 0 ? magnitude : ((segment + 1) << 4) | ((magnitude >> segment) & 15);
  return (sample < 0 ? code : code | 0x80) ^ EVEN_BITS;
}

function fromAlaw(octet: number): number {
  const code = octet ^ EVEN_BITS;
  const segment = (code >> 4) & 7;
  const step = code & 15;
  const magnitude = segment === 0 ? (step << 4) + 8 : ((step << 4) + 0x108) << (segment - 1);
  return code & 0x80 ? magnitude : -magnitude;
}

function toMulaw(sample: number): number {
  const magnitude = Math.min(MU_MAX, ((sample < 0 ? ~sample : sample) >> 2) + MU_BIAS);
  const segment = 26 - Math.clz32(magnitude);
  const code = (segment << 4) | ((magnitude >> (segment + 1)) & 15);
  return ~(sample < 0 ? code | 0x80 : code) & 0xff;
}

function fromMulaw(octet: number): number {
  const code = ~octet;
  const segment = (code >> 4) & 7;
  const magnitude = ((((code & 15) << 1) + MU_BIAS) << segment) - MU_BIAS;
  return (code & 0x80 ? -magnitude : magnitude) << 2;
}

interface Law {
  /** By sample, as an unsigned 16-bit number. */
  readonly encode: Uint8Array;
  readonly decode: Int16Array;
}

function law(to: (sample: number) => number, from: (octet: number) => number): Law {
  return {
    encode: Uint8Array.from({ length: 65_536 }, (_, word) => to((word << 16) >> 16)),
    decode: Int16Array.from({ length: 256 }, (_, octet) => from(octet)),
  };
}

const LAWS: Readonly<Record<G711, Law>> = { pcma: law(toAlaw, fromAlaw), pcmu: law(toMulaw, fromMulaw) };

// Table 1a's and 2a's first positive value: what an encoder makes of the sample 0.
/** The octet that is silence. */
export const SILENCE: Readonly<Record<G711, number>> = { pcma: 0xd5, pcmu: 0xff };

/** Encodes 16-bit samples, one octet each, into `into`. @throws RangeError when it is shorter than `samples`. */
export function encodeG711(samples: Int16Array, codec: G711, into: Uint8Array): void {
  if (into.length < samples.length) throw new RangeError('too little room for the encoded samples');
  const { encode } = LAWS[codec];
  for (let i = 0; i < samples.length; i += 1) into[i] = encode[(samples[i] as number) & 0xffff] as number;
}

/** @returns one 16-bit sample an octet. */
export function decodeG711(octets: Uint8Array, codec: G711): Int16Array {
  const { decode } = LAWS[codec];
  const samples = new Int16Array(octets.length);
  for (let i = 0; i < octets.length; i += 1) samples[i] = decode[octets[i] as number] as number;
  return samples;
}
