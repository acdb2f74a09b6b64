import { type Clip, SAMPLE_RATE } from '../../server/src/voice/audio/clip.ts';
import { dtmfTone } from '../../server/src/voice/audio/dtmf-tone.ts';
import { makeClip } from '../../server/src/voice/audio/make-clip.ts';

/** The sound of the keys one after the other, with silence after each: an independent decoder reads back what was dialled. */
export function dtmfTones(keys: string, { toneMs = 120, pauseMs = 120 } = {}): Clip {
  const tones = [...keys].map((key) => dtmfTone(key, toneMs).pcm);
  const each = Math.round(((toneMs + pauseMs) * SAMPLE_RATE) / 1000);
  const samples = new Int16Array(tones.length * each);
  for (const [index, tone] of tones.entries()) samples.set(tone, index * each);
  return makeClip(samples);
}
