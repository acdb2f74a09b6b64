import { hash } from 'node:crypto';

const BLOCK = 64;

/** HMAC-SHA-256 with one key, over texts (UTF-8), as a hex text of 64 characters. */
export type Hmac = (text: string) => string;

/**
 * HMAC by its definition (RFC 2104): two one-shot hashes over key pads prepared once. Half the time of `createHmac`, which
 * makes and drops a native object for each call (0.9 against 1.6 µs); the inner digest goes by hex for the same reason.
 *
 * @param key at most 64 bytes (one block).
 */
export function hmacSha256(key: Uint8Array): Hmac {
  if (key.length > BLOCK) throw new RangeError(`an HMAC key has at most ${BLOCK} bytes here`);
  const outer = Buffer.alloc(BLOCK + 32);
  pad(outer, key, 0x5c);
  // Grows to the longest text seen; each call writes over the last one's text, so calls must not overlap: they are synchronous.
  let inner = Buffer.alloc(512);
  pad(inner, key, 0x36);
  return (text) => {
    const longest = BLOCK + text.length * 3;
    if (longest > inner.length) {
      inner = Buffer.alloc(longest);
      pad(inner, key, 0x36);
    }
    const end = BLOCK + inner.write(text, BLOCK);
    outer.write(hash('sha256', inner.subarray(0, end), 'hex'), BLOCK, 'hex');
    return hash('sha256', outer, 'hex');
  };
}

function pad(block: Uint8Array, key: Uint8Array, filler: number): void {
  for (let i = 0; i < BLOCK; i++) block[i] = (key[i] ?? 0) ^ filler;
}
