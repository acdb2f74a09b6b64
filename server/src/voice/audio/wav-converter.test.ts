import { expect, test } from 'vitest';
import { convertWav } from './convert-wav.ts';
import { textSamples } from './samples-text.ts';
import { wavConverter } from './wav-converter.ts';
import { writeWav } from './write-wav.ts';

const LIMITS = { maxBytes: 100_000, maxSeconds: 5 };
const pcm = Int16Array.from({ length: 4_000 }, (_, i) => (i * 7919) % 20_000);

test('a thread says what is said without one, and leaves the file as it was', async () => {
  const convert = wavConverter();
  // In the middle of something larger, as a request's body may be.
  const wav = Buffer.concat([Buffer.alloc(10), writeWav(pcm), Buffer.alloc(10)]).subarray(10, -10);
  const before = Buffer.from(wav);
  const sound = await convert(wav, LIMITS);
  expect(sound).toEqual(convertWav(wav, LIMITS));
  expect(wav.equals(before)).toBe(true);
  expect(typeof sound === 'string' ? sound : textSamples(sound.pcm)).toEqual(pcm);
  expect(await convert(Buffer.from('<html>'), LIMITS)).toMatch(/^This is not a WAV file/);
});

test('serves more files than it has threads', async () => {
  const convert = wavConverter();
  const files = Array.from({ length: 4 }, (_, i) => writeWav(pcm.subarray(0, 1_000 * (i + 1))));
  const sounds = await Promise.all(files.map((wav) => convert(wav, LIMITS)));
  expect(sounds).toEqual(files.map((wav) => convertWav(wav, LIMITS)));
});
