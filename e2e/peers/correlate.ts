import { inverse, transform } from './fft.ts';

/** Where a clip was found in a recording of the same sample rate. */
export interface Match {
  /** The sample of the recording at which the clip begins. */
  readonly offset: number;
  /** Pearson's correlation there: 1 is the clip itself, louder or softer; 0 is something else. */
  readonly score: number;
}

// A stretch this much softer than the clip (−40 dB) is silence: its noise would be compared as if it were sound.
const SILENCE = 1e-4;

/**
 * The place of the recording that is most like the clip.
 * @throws RangeError when the recording is shorter than the clip, or the clip is silent.
 */
export function bestMatch(recording: Int16Array, clip: Int16Array): Match {
  const scores = correlate(recording, clip);
  return highest(scores, 0, scores.length);
}

/** Every place that is like the clip by at least `threshold`, in order; of those closer than half a clip, the best one. */
export function allMatches(recording: Int16Array, clip: Int16Array, threshold = 0.9): readonly Match[] {
  const scores = correlate(recording, clip);
  const reach = Math.ceil(clip.length / 2);
  const matches: Match[] = [];
  for (let offset = 0; offset < scores.length; offset++) {
    const score = scores[offset] ?? 0;
    if (score < threshold) continue;
    const best = highest(scores, Math.max(0, offset - reach), Math.min(scores.length, offset + reach));
    if (best.offset === offset) matches.push(best);
  }
  return matches;
}

/** The correlation of the clip with the recording at every offset at which it fits whole. */
function correlate(recording: Int16Array, clip: Int16Array): Float64Array {
  if (clip.length === 0 || recording.length < clip.length) {
    throw new RangeError(`a clip of ${clip.length} samples in a recording of ${recording.length}`);
  }
  const mean = clip.reduce((sum, sample) => sum + sample, 0) / clip.length;
  const centred = Float64Array.from(clip, (sample) => sample - mean);
  const clipEnergy = centred.reduce((sum, sample) => sum + sample * sample, 0);
  if (clipEnergy === 0) throw new RangeError('the clip is silent');

  const products = slidingProducts(recording, centred);
  const scores = new Float64Array(recording.length - clip.length + 1);
  let sum = 0;
  let squares = 0;
  for (let end = 0; end < recording.length; end++) {
    const entering = recording[end] ?? 0;
    sum += entering;
    squares += entering * entering;
    const offset = end - clip.length + 1;
    if (offset < 0) continue;
    const energy = squares - (sum * sum) / clip.length;
    scores[offset] = energy < clipEnergy * SILENCE ? 0 : (products[offset] ?? 0) / Math.sqrt(energy * clipEnergy);
    const leaving = recording[offset] ?? 0;
    sum -= leaving;
    squares -= leaving * leaving;
  }
  return scores;
}

/** Σ recording[offset + i] · clip[i] for every offset, by the correlation theorem: 30 s in a fraction of a second. */
function slidingProducts(recording: Int16Array, clip: Float64Array): Float64Array {
  // What wraps around the end of the circle falls on offsets at which the clip does not fit whole.
  const size = 2 ** Math.ceil(Math.log2(recording.length));
  const { re, im } = transform(recording, size);
  const other = transform(clip, size);
  for (let bin = 0; bin < size; bin++) {
    const [a, b, c, d] = [re[bin] ?? 0, im[bin] ?? 0, other.re[bin] ?? 0, other.im[bin] ?? 0];
    re[bin] = a * c + b * d;
    im[bin] = b * c - a * d;
  }
  return inverse({ re, im });
}

function highest(scores: Float64Array, from: number, to: number): Match {
  let offset = from;
  for (let index = from; index < to; index++) {
    if ((scores[index] ?? 0) > (scores[offset] ?? 0)) offset = index;
  }
  return { offset, score: scores[offset] ?? 0 };
}
