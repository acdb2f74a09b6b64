import { expect, test } from 'vitest';
import { samplesText, textSamples } from './samples-text.ts';

test('samples are little-endian, in base64, and come back', () => {
  expect(samplesText(Int16Array.of(1, -2, 32_767, -32_768))).toBe(
    Buffer.from([1, 0, 0xfe, 0xff, 0xff, 0x7f, 0, 0x80]).toString('base64'),
  );
  const all = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
  expect(textSamples(samplesText(all))).toEqual(all);
  expect(textSamples(samplesText(new Int16Array()))).toEqual(new Int16Array());
});
