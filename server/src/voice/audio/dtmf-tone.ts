import { type Clip, SAMPLE_RATE } from './clip.ts';
import { makeClip } from './make-clip.ts';

// ITU-T Q.23: a key is a row's tone and a column's at once.
const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477, 1633];
const KEYPAD = ['123A', '456B', '789C', '*0#D'];

/** Each tone's part of full scale: −9 dB, and no clipping where both peak. */
const AMPLITUDE = 0.35;
/** Fades in and out, so that there is no click for a decoder to take for another key. */
const FADE_MS = 4;

/**
 * The tones of a key, as a telephone dials it: what stands for speech where a machine shall read back what was heard.
 * @param key `0` … `9`, `*`, `#`, `A` … `D`. @param ms Q.24 wants at least 40 to be heard, and as much silence between two.
 * @throws RangeError for another key.
 */
export function dtmfTone(key: string, ms: number): Clip {
  const row = KEYPAD.findIndex((keys) => keys.includes(key));
  const column = KEYPAD[row]?.indexOf(key) ?? -1;
  const low = ROWS[row];
  const high = COLUMNS[column];
  if (key.length !== 1 || low === undefined || high === undefined) throw new RangeError('no such key');

  const length = Math.round((ms * SAMPLE_RATE) / 1000);
  const fade = (FADE_MS * SAMPLE_RATE) / 1000;
  const samples = Int16Array.from({ length }, (_, i) => {
    const gain = AMPLITUDE * Math.min(1, i / fade, (length - i) / fade);
    return Math.round(32_767 * gain * (sine(low, i) + sine(high, i)));
  });
  return makeClip(samples);
}

function sine(frequency: number, sample: number): number {
  return Math.sin((2 * Math.PI * frequency * sample) / SAMPLE_RATE);
}
