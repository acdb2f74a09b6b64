import { SAMPLE_RATE } from '../audio/clip.ts';
import { level } from '../audio/level.ts';

/** How loud speech is made, dB below full scale: as loud as a telephone takes it, with 20 dB left for its peaks. */
const TARGET_DB = -20;
/** No sound is raised by more: noise would be raised along. */
const MAX_GAIN_DB = 20;
/** Below this it is silence: espeak-ng's pauses are digital zero, its faintest word is 20 dB above. */
const SILENCE_DB = -55;
const STEP_DB = 3;

const WINDOW = SAMPLE_RATE / 100;
/** Speech begins and ends where a hundredth of a second is within 40 dB of the loudest sample. */
const EDGE = 0.01;

/** Whether nothing can be heard: what espeak-ng makes of a voice that it does not have. */
export function isSilent(samples: Int16Array): boolean {
  return level(samples).rms < SILENCE_DB;
}

/** Without the silence before and after; a hundredth of a second stays, and what fades away. */
export function trimSilence(samples: Int16Array): Int16Array {
  const peak = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
  const floor = peak * EDGE;
  const first = samples.findIndex((sample) => Math.abs(sample) > floor);
  const last = samples.findLastIndex((sample) => Math.abs(sample) > floor);
  if (first < 0) return new Int16Array(0);
  return samples.subarray(Math.max(0, first - WINDOW), Math.min(samples.length, last + 1 + 3 * WINDOW));
}

/** The gain, in dB, that brings `samples` to the level at which everything is played. */
export function gainToTarget(samples: Int16Array): number {
  return Math.min(MAX_GAIN_DB, TARGET_DB - level(samples).rms);
}

/** The gain of a voice's volume, −4 … 4. */
export function gainOfVolume(volume: number): number {
  return volume * STEP_DB;
}

/** As loud as that; what would be past full scale is bent, not cut. */
export function amplify(samples: Int16Array, gainDb: number): Int16Array {
  const factor = 10 ** (gainDb / 20) / 32_768;
  return samples.map((sample) => Math.round(bend(sample * factor) * 32_767));
}

/** Straight up to 0.7, then ever flatter towards 1. */
function bend(value: number): number {
  const size = Math.abs(value);
  if (size <= 0.7) return value;
  return Math.sign(value) * (0.7 + 0.3 * Math.tanh((size - 0.7) / 0.3));
}
