import type { Random } from '../../../values/random.ts';

/** Call-IDs and tags: whoever could guess them could end another's call. 128 and 64 bits, in hex (RFC 3261 §8.1.1.4, §19.3). */
export function freshCallId(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('hex');
}

export function freshTag(random: Random): string {
  return Buffer.from(random.bytes(8)).toString('hex');
}
