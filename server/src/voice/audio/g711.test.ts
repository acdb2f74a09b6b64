import { bufferToFloat32Channels } from '@echogarden/wave-codec';
import { expect, test } from 'vitest';
import type { G711 } from './clip.ts';
import { decodeG711, encodeG711, SILENCE } from './g711.ts';

const EVERY_SAMPLE = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
const EVERY_OCTET = Uint8Array.from({ length: 256 }, (_, i) => i);

function encoded(samples: Int16Array, codec: G711): Uint8Array {
  const into = new Uint8Array(samples.length);
  encodeG711(samples, codec, into);
  return into;
}

/** The standard's columns 1 to 3: segments of `[count, step]`, from 0 up. @returns each interval's lower decision value. */
function decisionValues(segments: readonly (readonly [number, number])[]): number[] {
  const values = [0];
  for (const [count, step] of segments) {
    for (let i = 0; i < count; i += 1) values.push((values.at(-1) as number) + step);
  }
  return values;
}

// Table 1a: 13 bits, the full scale is 4096. Table 2a: 14 bits, the full scale is 8159 and the first interval half as wide.
const TABLES = {
  pcma: {
    shift: 3,
    values: decisionValues([
      [32, 2],
      [16, 4],
      [16, 8],
      [16, 16],
      [16, 32],
      [16, 64],
      [16, 128],
    ]),
    word: (interval: number, negative: boolean) => ((negative ? 0 : 0x80) | interval) ^ 0x55,
  },
  pcmu: {
    shift: 2,
    values: decisionValues([
      [1, 1],
      [15, 2],
      [16, 4],
      [16, 8],
      [16, 16],
      [16, 32],
      [16, 64],
      [16, 128],
      [16, 256],
    ]),
    word: (interval: number, negative: boolean) => ((negative ? 0x80 : 0) | interval) ^ 0xff,
  },
} as const;

test.for(['pcma', 'pcmu'] as const)('%s encodes every sample as the tables of G.711 say', (codec) => {
  const { shift, values, word } = TABLES[codec];
  const expected = EVERY_SAMPLE.map((sample) => {
    const magnitude = (sample < 0 ? -sample - 1 : sample) / 2 ** shift;
    const interval = values.slice(0, 128).findLastIndex((value) => value <= magnitude);
    return word(interval, sample < 0);
  });
  expect([...encoded(EVERY_SAMPLE, codec)]).toEqual([...expected]);
});

test.for(['pcma', 'pcmu'] as const)('%s decodes every octet to the middle of its interval', (codec) => {
  const { shift, values, word } = TABLES[codec];
  const decoded = decodeG711(EVERY_OCTET, codec);
  for (let interval = 0; interval < 128; interval += 1) {
    const middle = ((values[interval] as number) + (values[interval + 1] as number)) / 2;
    // µ-law's first interval stands for zero, not for its middle (table 2a, note).
    const value = (codec === 'pcmu' && interval === 0 ? 0 : middle) * 2 ** shift;
    expect(decoded[word(interval, false)]).toBe(value);
    expect(decoded[word(interval, true)]).toBe(value === 0 ? 0 : -value);
  }
});

test.for([
  ['pcma', 6],
  ['pcmu', 7],
] as const)('%s decodes as another implementation does', ([codec, tag]) => {
  const [theirs = new Float32Array()] = bufferToFloat32Channels(EVERY_OCTET, 1, 8, tag);
  expect([...decodeG711(EVERY_OCTET, codec)]).toEqual(Array.from(theirs, (value) => value * 32_768 + 0));
});

test.for(['pcma', 'pcmu'] as const)('%s: decoding and encoding again changes no octet', (codec) => {
  const again = encoded(decodeG711(EVERY_OCTET, codec), codec);
  // µ-law has two zeros; the negative one comes back as the positive.
  const expected = EVERY_OCTET.map((octet) => (codec === 'pcmu' && octet === 0x7f ? 0xff : octet));
  expect([...again]).toEqual([...expected]);
});

test.for(['pcma', 'pcmu'] as const)('%s: the octet of silence is what zero is encoded as', (codec) => {
  expect([...encoded(new Int16Array(1), codec)]).toEqual([SILENCE[codec]]);
});

test('refuses to write past the room it is given', () => {
  expect(() => encodeG711(new Int16Array(2), 'pcma', new Uint8Array(1))).toThrow(RangeError);
});
