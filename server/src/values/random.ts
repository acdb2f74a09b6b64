import { randomFillSync } from 'node:crypto';

/** Chance, as an argument. The production source is the system's CSPRNG; tests may seed their own. */
export interface Random {
  /** `count` fresh random bytes, 0 ≤ count ≤ 4096. The caller owns them. */
  bytes(count: number): Uint8Array;
  /** A uniform integer in [0, `limit`), 1 ≤ limit ≤ 2^32, by rejection: no modulo bias. */
  below(limit: number): number;
}

// One system call fills this many bytes: a fresh call for each 12-byte nonce was a fifth of the hot path.
const POOL_BYTES = 16_384;

/** The system's CSPRNG, drawn through a pool. Handed-out bytes are zeroed in the pool and never given twice. */
export function systemRandom(): Random {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;

  function take(count: number): Uint8Array {
    if (used + count > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const out = Uint8Array.prototype.slice.call(pool, used, used + count);
    pool.fill(0, used, used + count);
    used += count;
    return out;
  }

  return { bytes: take, below: (limit) => uniformBelow(limit, take) };
}

/** Rejection sampling over 32-bit draws (NIST SP 800-90A, B.5.1.1, the simple discard method). */
export function uniformBelow(limit: number, bytes: (count: number) => Uint8Array): number {
  const range = 2 ** 32;
  const ceiling = range - (range % limit);
  for (;;) {
    const [a = 0, b = 0, c = 0, d = 0] = bytes(4);
    const draw = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    if (draw < ceiling) return draw % limit;
  }
}
