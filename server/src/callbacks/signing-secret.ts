import type { Random } from '../values/random.ts';
import { Secret } from '../values/secret.ts';

const PREFIX = 'whsec_';
/** Standard Webhooks 1.0, "Signature scheme": 192 to 512 bits. */
const SHORTEST = 24;
const LONGEST = 64;
const FRESH_BYTES = 32;

/** A new secret to sign callbacks with: 256 bits, as `whsec_` and base64. */
export function newSigningSecret(random: Random): Secret {
  return new Secret(PREFIX + Buffer.from(random.bytes(FRESH_BYTES)).toString('base64'));
}

/** The key of a secret in its text form; null when the text is none: no prefix, no base64, or a length that the standard forbids. */
export function signingKey(text: string): Buffer | null {
  const encoded = text.slice(PREFIX.length);
  if (!text.startsWith(PREFIX) || !/^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(encoded)) {
    return null;
  }
  const key = Buffer.from(encoded, 'base64');
  return key.length >= SHORTEST && key.length <= LONGEST ? key : null;
}
