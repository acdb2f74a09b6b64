import { SAMPLE_RATE } from './clip.ts';

/** Rates that can be brought to 8 kHz, samples a second. */
export const LOWEST_RATE = 4_000;
export const HIGHEST_RATE = 192_000;

// What lies above 4 kHz would come back as a false tone below it: 100 dB less of it is under the noise of 16 bits. A telephone
// passes 300 … 3,400 Hz (ITU-T G.712), so the filter may take the rest of the band to fall.
const STOP_DB = 106;
const PASS = 0.85;
/** Kaiser's own fits for the shape of his window and for its length (Oppenheim & Schafer, §7.6.1). */
const BETA = 0.1102 * (STOP_DB - 8.7);
const LENGTH_FACTOR = (STOP_DB - 7.95) / (2.285 * 2 * Math.PI);

/** Rows of the filter; a rate that needs more of them gets what lies between two: the error is under −110 dB. */
const MAX_ROWS = 1024;

/**
 * Brings sound to 8 kHz: halved as long as that is cheap, then by a polyphase filter with a Kaiser window. A second of sound at
 * 48 kHz takes about two million multiplications. What the filter delays is taken out again.
 * @param rate LOWEST_RATE … HIGHEST_RATE, samples a second; need not be whole. @throws RangeError for another.
 */
export function resample(samples: Float32Array, rate: number): Float32Array {
  if (!(rate >= LOWEST_RATE && rate <= HIGHEST_RATE)) throw new RangeError('no such sample rate');
  let current = samples;
  let from = rate;
  while (from >= 3 * SAMPLE_RATE) {
    // Only what would fold onto the band that stays must go here; the next filter takes the rest.
    current = convert(current, from, from / 2, SAMPLE_RATE / 2, from / 2 - SAMPLE_RATE / 2);
    from /= 2;
  }
  if (from === SAMPLE_RATE) return current;
  const edge = Math.min(from, SAMPLE_RATE) / 2;
  return convert(current, from, SAMPLE_RATE, PASS * edge, edge);
}

/** The same for 16-bit samples. */
export function toTelephoneRate(samples: Int16Array, rate: number): Int16Array {
  if (rate === SAMPLE_RATE) return samples;
  return toInt16(
    resample(
      Float32Array.from(samples, (sample) => sample / 32_768),
      rate,
    ),
  );
}

/** Full scale is ±1; what is past it is clipped. */
export function toInt16(samples: Float32Array): Int16Array {
  // Loops here and below, for `from` with a function takes five times as long, and a minute has millions of samples.
  const words = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i += 1) {
    words[i] = Math.max(-32_768, Math.min(32_767, Math.round((samples[i] as number) * 32_768)));
  }
  return words;
}

/** From one rate to another. What is under `pass` Hz stays, what is above `stop` Hz goes; 0 < pass < stop ≤ from / 2. */
function convert(input: Float32Array, from: number, to: number, pass: number, stop: number): Float32Array {
  const half = Math.ceil((LENGTH_FACTOR * from) / (stop - pass) / 2);
  const rows = rowsFor(from, to);
  const filter = kaiserRows(rows, half, (pass + stop) / from);
  const taps = 2 * half;
  const output = new Float32Array(Math.ceil((input.length * to) / from));

  for (let n = 0; n < output.length; n += 1) {
    const place = (n * from) / to;
    const first = Math.floor(place);
    const row = (place - first) * rows;
    const below = Math.floor(row + 1e-6);
    const between = Math.max(0, row - below);
    let value = dot(input, first - half + 1, filter, below * taps, taps);
    if (between > 1e-6) {
      value += between * (dot(input, first - half + 1, filter, (below + 1) * taps, taps) - value);
    }
    output[n] = value;
  }
  return output;
}

/** How many places between two samples of the input the output's samples can have. */
function rowsFor(from: number, to: number): number {
  for (let rows = 1; rows <= MAX_ROWS; rows += 1) {
    if (Number.isInteger((rows * from) / to)) return rows;
  }
  return MAX_ROWS;
}

/**
 * A windowed sinc, one row for each place between two samples, and one more: the last place is the next sample's first.
 * @param half samples on each side. @param cutoff where −6 dB is, as a part of half the input's rate.
 */
function kaiserRows(rows: number, half: number, cutoff: number): Float64Array {
  const taps = 2 * half;
  const filter = new Float64Array((rows + 1) * taps);
  const scale = cutoff / bessel(BETA);
  for (let row = 0; row <= rows; row += 1) {
    for (let tap = 0; tap < taps; tap += 1) {
      const distance = tap - half + 1 - row / rows;
      const inside = 1 - (distance / half) ** 2;
      const angle = Math.PI * cutoff * distance;
      const sinc = Math.abs(angle) < 1e-9 ? 1 : Math.sin(angle) / angle;
      filter[row * taps + tap] = scale * sinc * bessel(BETA * Math.sqrt(Math.max(0, inside)));
    }
  }
  return filter;
}

/** The modified Bessel function of the first kind and order zero, by its power series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** Past either end of the input there is silence. */
function dot(input: Float32Array, start: number, filter: Float64Array, row: number, taps: number): number {
  let sum = 0;
  const begin = Math.max(0, -start);
  const end = Math.min(taps, input.length - start);
  for (let i = begin; i < end; i += 1) sum += (input[start + i] as number) * (filter[row + i] as number);
  return sum;
}
