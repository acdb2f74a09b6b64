import { SAMPLE_RATE } from './clip.ts';

const HEADER_BYTES = 44;

/** A WAV file of 8 kHz, 16-bit mono sound. */
export function writeWav(pcm: Int16Array): Uint8Array {
  const file = Buffer.alloc(HEADER_BYTES + 2 * pcm.length);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // mono
  file.writeUInt32LE(SAMPLE_RATE, 24);
  file.writeUInt32LE(2 * SAMPLE_RATE, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(2 * pcm.length, 40);
  // A loop, for an iterator takes ten times as long, and a minute has half a million samples.
  for (let i = 0; i < pcm.length; i += 1) file.writeInt16LE(pcm[i] as number, HEADER_BYTES + 2 * i);
  return file;
}
