import { type BitDepth, bufferToFloat32Channels } from '@echogarden/wave-codec';
import type { Clip } from './clip.ts';
import { level } from './level.ts';
import { makeClip } from './make-clip.ts';
import { HIGHEST_RATE, LOWEST_RATE, resample, toInt16 } from './resample.ts';
import { readChunks, type SampleFormat, type WavChunks } from './wav-chunks.ts';

/** What a file may hold at the most. A minute at 48 kHz takes a seventh of a second to convert, on the thread that asks. */
export interface WavLimits {
  /** Octets of the file. */
  readonly maxBytes: number;
  readonly maxSeconds: number;
}

/** What a file was before it became a clip. */
export interface WavSource {
  /** Samples a second in each channel. */
  readonly rate: number;
  readonly channels: number;
  readonly format: SampleFormat;
  readonly bits: number;
  readonly seconds: number;
}

const BITS: Readonly<Record<SampleFormat, readonly BitDepth[]>> = {
  pcm: [8, 16, 24, 32],
  float: [32, 64],
  pcma: [8],
  pcmu: [8],
};
/** The format's number in the file, as the decoder takes it. */
const CODES = { pcm: 1, float: 3, pcma: 6, pcmu: 7 } as const satisfies Record<SampleFormat, number>;

const MAX_CHANNELS = 32;
/** A quantum of 16 bits is at −90 dB: what stays under twice that is a muted track. */
const SILENT_DB = -84;

/**
 * Reads a WAV file of any rate and number of channels into a clip: channels are averaged, and the rate becomes 8 kHz. What a file
 * claims is never taken for granted: memory is at most some ten times its octets.
 * @returns a sentence for people when it cannot be used: what is wrong, and what to do.
 */
export function readWav(bytes: Uint8Array, limits: WavLimits): { clip: Clip; source: WavSource } | string {
  if (bytes.length > limits.maxBytes) {
    return `The file is larger than ${limits.maxBytes} bytes: shorten it, or save it at a lower sample rate.`;
  }
  const chunks = readChunks(bytes);
  if (chunks === null) return 'This is not a WAV file: save the sound as WAV, 16-bit PCM.';
  const source = judge(chunks);
  if (typeof source === 'string') return source;
  if (source.seconds > limits.maxSeconds) return `It is longer than ${limits.maxSeconds} seconds: shorten it.`;

  const samples = toInt16(resample(decode(chunks.data, source), source.rate));
  if (level(samples).peak < SILENT_DB) return 'It is silent: record it again, and check the microphone.';
  return { clip: makeClip(samples), source };
}

function judge({ format, channels, rate, bits, data }: WavChunks): WavSource | string {
  const depth = format === null ? undefined : BITS[format].find((known) => known === bits);
  if (format === null || depth === undefined)
    return 'Its samples are in an unknown format: save it as WAV, 16-bit PCM.';
  if (channels < 1 || channels > MAX_CHANNELS) return `It has ${channels} channels: save it in mono or stereo.`;
  if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
    return `It has ${rate} samples a second: save it with 8000 to 48000.`;
  }
  const frames = Math.floor(data.length / (channels * (depth / 8)));
  if (frames === 0) return 'There is no sound in it: record it again.';
  return { rate, channels, format, bits: depth, seconds: frames / rate };
}

/** All channels, averaged; full scale is ±1. */
function decode(data: Uint8Array, { channels, format, bits, seconds, rate }: WavSource): Float32Array {
  const frames = Math.round(seconds * rate);
  // A copy: the decoder lays typed arrays over it, which must begin at its beginning; and whole frames, or it throws.
  const whole = Uint8Array.prototype.slice.call(data, 0, frames * channels * (bits / 8));
  const [interleaved = new Float32Array()] = bufferToFloat32Channels(whole, 1, bits as BitDepth, CODES[format]);
  if (channels === 1 && format !== 'float') return interleaved;
  const mono = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      const sample = interleaved[frame * channels + channel] as number;
      // Floats may be anything: one NaN would make the filter silence all around it, an infinity as well.
      if (Number.isFinite(sample)) sum += Math.max(-1, Math.min(1, sample));
    }
    mono[frame] = sum / channels;
  }
  return mono;
}
