import { type Random, uniformBelow } from './random.ts';

/** Chance that repeats: the same seed draws the same bytes. For tests and benchmarks alone; its output can be foretold. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;

  /** SplitMix32: a Weyl sequence, each step scrambled. */
  function next(): number {
    state = (state + 0x9e3779b9) >>> 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  }

  function bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => next() >>> 24);
  }

  return { bytes, below: (limit) => uniformBelow(limit, bytes) };
}
