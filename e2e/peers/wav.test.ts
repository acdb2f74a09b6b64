import { expect, test } from 'vitest';
import { readWav, writeWav } from './wav.ts';

const sound = { rate: 8_000, samples: Int16Array.of(0, 1, -1, 32_767, -32_768) };

test('what is written is read', () => {
  expect(readWav(writeWav(sound))).toEqual(sound);
});

test('chunks of others are passed over, and a length that lies ends with the file', () => {
  const file = writeWav(sound);
  const other = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
  expect(readWav(Buffer.concat([file.subarray(0, 36), other, file.subarray(36)]))).toEqual(sound);
  file.writeUInt32LE(0xffff_ffff, 40);
  expect(readWav(file)).toEqual(sound);
});

test('what is not sound of one channel and 16 bits is refused', () => {
  const stereo = writeWav(sound);
  stereo.writeUInt16LE(2, 22);
  expect(() => readWav(stereo)).toThrow('1,2,16');
  expect(() => readWav(Buffer.from('hello, world'))).toThrow('not a WAV');
  expect(() => readWav(writeWav(sound).subarray(0, 36))).toThrow('without sound');
});
