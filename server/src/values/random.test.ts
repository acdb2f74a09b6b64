import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRandom, uniformBelow } from './random.ts';
import { seededRandom } from './seeded-random.ts';

/** Hands out the given 32-bit words, big-endian, in order. */
function words(...queue: number[]): (count: number) => Uint8Array {
  return (count) => {
    const word = queue.shift();
    if (word === undefined) throw new Error('drew more words than the test gave');
    expect(count).toBe(4);
    return Uint8Array.of(word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff);
  };
}

describe('uniformBelow', () => {
  it('throws the words above the last whole multiple away: taken modulo they would favour low numbers', () => {
    // 2^32 = 429,496,729 × 10 + 6: the last six words are the bias.
    const ceiling = 4_294_967_290;
    expect(uniformBelow(10, words(ceiling - 1))).toBe(9);
    expect(uniformBelow(10, words(ceiling, 0xffff_ffff, 7))).toBe(7);
  });

  it('gives every word away where the limit divides 2^32', () => {
    expect(uniformBelow(2 ** 32, words(0xffff_ffff))).toBe(0xffff_ffff);
    expect(uniformBelow(256, words(0xffff_ffff))).toBe(255);
    expect(uniformBelow(1, words(0xffff_ffff))).toBe(0);
  });

  it('stays below any limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.integer(), (limit, seed) => {
        const drawn = seededRandom(seed).below(limit);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < limit).toBe(true);
      }),
    );
  });
});

describe('systemRandom', () => {
  it('gives exactly the count of bytes asked for, over many refills of its pool', () => {
    const random = systemRandom();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4096 }), (count) => {
        expect(random.bytes(count)).toHaveLength(count);
      }),
      { numRuns: 200 },
    );
  });

  it('never gives the same bytes twice, nor bytes that are zeroed afterwards', () => {
    const random = systemRandom();
    const drawn = Array.from({ length: 20_000 }, () => random.bytes(8));
    const texts = drawn.map((bytes) => Buffer.from(bytes).toString('hex'));
    // 20,000 draws of 64 bits meet once in 90 billion runs.
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).not.toContain('0000000000000000');
  });

  it('gives bytes of their own: writing to them touches no later draw', () => {
    const random = systemRandom();
    const first = random.bytes(16);
    expect(first.buffer.byteLength).toBe(16);
  });

  it('draws every value of a small range', () => {
    const random = systemRandom();
    const seen = new Set(Array.from({ length: 2000 }, () => random.below(10)));
    expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('seededRandom', () => {
  it('repeats itself for a seed, and differs between seeds', () => {
    expect(seededRandom(1).bytes(64)).toEqual(seededRandom(1).bytes(64));
    expect(seededRandom(1).bytes(64)).not.toEqual(seededRandom(2).bytes(64));
  });
});
