import { createHash } from 'node:crypto';
import { type Clip, type G711, SAMPLE_RATE } from './clip.ts';
import { encodeG711 } from './g711.ts';

/** A clip of `samples`, 8 kHz mono. They are copied: what becomes of the array does not matter. */
export function makeClip(samples: Int16Array): Clip {
  const pcm = new Int16Array(new SharedArrayBuffer(samples.byteLength));
  pcm.set(samples);
  return clipOver(pcm);
}

/** So much silence. @param ms is rounded to the nearest sample. */
export function silence(ms: number): Clip {
  return clipOver(new Int16Array(new SharedArrayBuffer(2 * Math.round((ms * SAMPLE_RATE) / 1000))));
}

/** One clip of several, without a gap. */
export function joinClips(clips: readonly Clip[]): Clip {
  const length = clips.reduce((sum, { pcm }) => sum + pcm.length, 0);
  const pcm = new Int16Array(new SharedArrayBuffer(2 * length));
  let at = 0;
  for (const clip of clips) {
    pcm.set(clip.pcm, at);
    at += clip.pcm.length;
  }
  return clipOver(pcm);
}

function clipOver(pcm: Int16Array): Clip {
  const octets: Partial<Record<G711, Uint8Array>> = {};

  function encode(codec: G711): Uint8Array {
    const encoded = new Uint8Array(new SharedArrayBuffer(pcm.length));
    encodeG711(pcm, codec, encoded);
    return encoded;
  }

  return {
    key: createHash('sha256').update(pcm).digest('base64url'),
    pcm,
    encoded(codec) {
      octets[codec] ??= encode(codec);
      return octets[codec];
    },
  };
}
