import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import type { Random } from '../values/random.ts';
import type { KeyVersion } from './keys.ts';
import type { Place } from './vault.ts';

const NONCE = 12;
const TAG = 16;
/** One byte for the key's version, then the nonce; the tag stands at the end. */
const HEAD = 1 + NONCE;

/** Sealed cells: AES-256-GCM (NIST SP 800-38D) as base64url of version, nonce, ciphertext, tag. */
export interface Cells {
  seal(place: Place, text: string): string;
  open(place: Place, sealed: string): string | null;
}

/** Seals with the last of `versions` and opens with any of them. */
export function sealedCells(versions: readonly KeyVersion[], random: Random): Cells {
  // Key objects are imported once: handing raw bytes to each call was two thirds of its time.
  const keys = new Map<number, KeyObject>(versions.map(({ version, cipher }) => [version, createSecretKey(cipher)]));
  const newest = versions.at(-1)?.version;
  const newestKey = newest === undefined ? undefined : keys.get(newest);
  if (newest === undefined || newestKey === undefined) throw new RangeError('a vault needs a key');

  return {
    seal(place, text) {
      const nonce = random.bytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', newestKey, nonce, { authTagLength: TAG });
      cipher.setAAD(bound(place));
      const body = cipher.update(text, 'utf8');
      cipher.final();
      const cell = Buffer.allocUnsafe(HEAD + body.length + TAG);
      cell[0] = newest;
      cell.set(nonce, 1);
      cell.set(body, HEAD);
      cell.set(cipher.getAuthTag(), HEAD + body.length);
      return cell.toString('base64url');
    },

    open(place, sealed) {
      const cell = Buffer.from(sealed, 'base64url');
      const key = keys.get(cell[0] ?? 0);
      if (key === undefined || cell.length < HEAD + TAG) return null;
      const decipher = createDecipheriv('aes-256-gcm', key, cell.subarray(1, HEAD), { authTagLength: TAG });
      decipher.setAAD(bound(place));
      decipher.setAuthTag(cell.subarray(-TAG));
      const text = decipher.update(cell.subarray(HEAD, -TAG), undefined, 'utf8');
      try {
        return text + decipher.final('utf8');
      } catch {
        // The tag does not fit: another place, another key of this version, or altered bytes. What was decrypted is worth nothing.
        return null;
      }
    },
  };
}

/** No part holds a NUL: two places never read the same. */
function bound({ account, row, column }: Place): Buffer {
  return Buffer.from(`${account}\0${row}\0${column}`);
}
