/** How loud something is, in dB below full scale: 0 is the loudest, silence is −Infinity. */
export interface Level {
  /** Root of the mean square: a full-scale sine has −3.01. */
  readonly rms: number;
  readonly peak: number;
}

const FULL_SCALE = 32_768;

export function level(samples: Int16Array): Level {
  let squares = 0;
  let peak = 0;
  for (const sample of samples) {
    squares += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
  }
  return { rms: decibels(Math.sqrt(squares / Math.max(1, samples.length))), peak: decibels(peak) };
}

function decibels(value: number): number {
  return 20 * Math.log10(value / FULL_SCALE);
}
