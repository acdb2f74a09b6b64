import { encodeWaveFromFloat32Channels } from '@echogarden/wave-codec';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { level } from './level.ts';
import { readWav, type WavLimits } from './read-wav.ts';
import { writeWav } from './write-wav.ts';

const LIMITS: WavLimits = { maxBytes: 5_000_000, maxSeconds: 60 };

function tone(rate: number, seconds: number): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / rate));
}

/** A file whose every header field may be a lie. */
function file(
  data: Uint8Array,
  {
    riff = 36 + data.length,
    format = 1,
    channels = 1,
    rate = 8000,
    bits = 16,
    size = data.length,
    before = Buffer.alloc(0),
  } = {},
): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF\0\0\0\0WAVEfmt \x10', 'latin1');
  header.writeUInt32LE(riff >>> 0, 4);
  header.writeUInt16LE(format, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36);
  header.writeUInt32LE(size >>> 0, 40);
  return Buffer.concat([header.subarray(0, 36), before, header.subarray(36), data]);
}

const SOUND = writeWav(Int16Array.from(tone(8000, 0.5), (sample) => sample * 32_767)).slice(44);

function read(bytes: Uint8Array) {
  const result = readWav(bytes, LIMITS);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

describe('reads', () => {
  test.for([
    [8, 1],
    [16, 1],
    [24, 1],
    [32, 1],
    [32, 3],
    [64, 3],
    [8, 6],
    [8, 7],
  ] as const)('%i bits of format %i, at any rate, mono and stereo', ([bits, format]) => {
    for (const rate of [8000, 22_050, 44_100]) {
      for (const channels of [1, 2]) {
        const bytes = encodeWaveFromFloat32Channels(Array(channels).fill(tone(rate, 0.5)), rate, bits, format);
        const { clip, source } = read(bytes);
        expect(clip.pcm).toHaveLength(4000);
        expect(level(clip.pcm).rms).toBeCloseTo(-9.03, 0);
        expect(source).toMatchObject({ rate, channels, bits, seconds: 0.5 });
      }
    }
  });

  test('what was written, sample for sample', () => {
    const samples = Int16Array.of(0, 1, -1, 32_767, -32_768, 12_345);
    expect([...read(writeWav(samples)).clip.pcm]).toEqual([...samples]);
  });

  test('a file at an odd place in memory', () => {
    const shifted = Buffer.concat([Buffer.of(0), writeWav(Int16Array.of(100, 200))]).subarray(1);
    expect([...read(shifted).clip.pcm]).toEqual([100, 200]);
  });

  test('both channels, and what they cancel is gone', () => {
    const left = tone(8000, 0.5);
    const half = encodeWaveFromFloat32Channels([left, new Float32Array(left.length)], 8000);
    expect(level(read(half).clip.pcm).rms).toBeCloseTo(-15.05, 1);
    const cancelled = encodeWaveFromFloat32Channels([left, left.map((sample) => -sample)], 8000);
    expect(readWav(cancelled, LIMITS)).toContain('silent');
  });

  test('floats that are no numbers or past full scale, without silencing their neighbours', () => {
    const samples = tone(44_100, 0.5);
    samples.set([Number.NaN, Number.POSITIVE_INFINITY, 1e30], 5000);
    const { clip } = read(encodeWaveFromFloat32Channels([samples], 44_100, 32, 3));
    expect(level(clip.pcm).rms).toBeCloseTo(-9.03, 0);
  });
});

describe('survives a size that', () => {
  const lies: readonly (readonly [string, Parameters<typeof file>[1]])[] = [
    ['is 4 GB in RIFF and data', { riff: -1, size: -1 }],
    ['is 2 GB in data', { size: 0x7fffffff }],
    ['is 0, as a pipe leaves it', { riff: 0, size: 0 }],
    ['is smaller in RIFF than the file', { riff: 4 }],
    ['counts no padding after an odd chunk', { before: Buffer.from('LIST\x03\0\0\0abc\0', 'latin1') }],
  ];
  test.for(lies)('%s', ([, lie]) => {
    expect([...read(file(SOUND, lie)).clip.pcm.subarray(0, 100)]).toEqual([
      ...read(file(SOUND)).clip.pcm.subarray(0, 100),
    ]);
    expect(read(file(SOUND, lie)).source.seconds).toBe(0.5);
  });

  test('ends in the middle of a sample', () => {
    expect(read(file(SOUND.subarray(0, 1001))).clip.pcm).toHaveLength(500);
  });
});

describe('refuses, and says what to do about', () => {
  const refused: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['a page named .wav', Buffer.from('<!doctype html><html><body>404</body></html>'), /not a WAV file: save/],
    ['nothing', Buffer.alloc(0), /not a WAV file/],
    ['a header alone', file(SOUND).subarray(0, 30), /not a WAV file/],
    ['no sound', file(Buffer.alloc(0)), /no sound/],
    ['half a sample', file(Buffer.alloc(1)), /no sound/],
    ['silence', file(Buffer.alloc(16_000)), /silent/],
    ['a rate of 1 Hz', file(SOUND, { rate: 1 }), /1 samples a second/],
    ['a rate of 4 GHz', file(SOUND, { rate: 4_000_000_000 }), /samples a second/],
    ['a rate of 0', file(SOUND, { rate: 0 }), /samples a second/],
    ['no channels', file(SOUND, { channels: 0 }), /0 channels/],
    ['65,535 channels', file(SOUND, { channels: 65_535 }), /65535 channels/],
    ['samples of no bits', file(SOUND, { bits: 0 }), /unknown format/],
    ['samples of 12 bits', file(SOUND, { bits: 12 }), /unknown format/],
    ['MP3 inside', file(SOUND, { format: 0x55 }), /unknown format/],
    ['an extensible format without its extension', file(SOUND, { format: 0xfffe }), /unknown format/],
    ['a minute and a bit', file(Buffer.alloc(61 * 8000, 1), { bits: 8 }), /longer than 60 seconds/],
    ['too large a file', Buffer.alloc(LIMITS.maxBytes + 1), /larger than 5000000 bytes/],
    [
      'empty chunks without an end',
      Buffer.concat([file(SOUND).subarray(0, 36), Buffer.alloc(1_000_000)]),
      /not a WAV file/,
    ],
  ];
  test.for(refused)('%s', ([, bytes, words]) => {
    expect(readWav(bytes, LIMITS)).toMatch(words);
  });
});

test('whatever is changed in a file, there is a clip or a sentence, within the limits', () => {
  const whole = encodeWaveFromFloat32Channels([tone(16_000, 0.02), tone(16_000, 0.02)], 16_000, 24);
  const change = fc.tuple(fc.nat(67), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(whole.length), (changes, length) => {
      const bytes = whole.slice(0, length);
      for (const [at, octet] of changes) if (at < bytes.length) bytes[at] = octet;
      const result = readWav(bytes, LIMITS);
      if (typeof result === 'string') expect(result).toMatch(/^(It|Its|This|There) .+: .+\.$/);
      else expect(result.clip.pcm.length).toBeLessThanOrEqual(60 * 8000);
    }),
    { numRuns: 1000 },
  );
});
