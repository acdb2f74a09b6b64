import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Mode } from '../rules/accept.ts';
import type { ApiKey, KeyKind } from '../store/tables/keys.ts';
import type { Random } from '../values/random.ts';
import { Secret } from '../values/secret.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 28 characters of 62 are 166 bits. */
const RANDOM_LENGTH = 28;
/** CRC-32 as six characters (62^6 > 2^32), the way GitHub's tokens carry it: a typo is seen without a look-up. */
const CHECKSUM_LENGTH = 6;

const PREFIX = { test: 'pb_test_', live: 'pb_live_', admin: 'pb_admin_' } as const;
const KEY = new RegExp(`^pb_(test|live|admin)_[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);
/** A product token is a GUID (RFC 9562 §5.4), as CM.com's are. Case says nothing in a GUID; ours are lower case. */
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What a key's own text tells. A product token does not tell its mode: its row does. */
export type ParsedKey =
  | { readonly kind: 'api_key'; readonly mode: Mode }
  | { readonly kind: 'admin_token' }
  | { readonly kind: 'product_token' };

/** Draws `pb_test_…`, `pb_live_…` or `pb_admin_…`: 166 random bits and a checksum. */
export function drawKey(of: Mode | 'admin', random: Random): Secret {
  let text: string = PREFIX[of];
  for (let i = 0; i < RANDOM_LENGTH; i++) text += ALPHABET[random.below(ALPHABET.length)];
  return new Secret(text + checksum(text));
}

/** Draws a product token: a GUID of 122 random bits, lower case. */
export function drawProductToken(random: Random): Secret {
  const bytes = random.bytes(16);
  bytes[6] = 0x40 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Buffer.from(bytes).toString('hex');
  return new Secret(
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
  );
}

/** What kind of key a text is by its form; null when it is none, or was mistyped. */
export function parseKey(text: string): ParsedKey | null {
  const [, of] = KEY.exec(text) ?? [];
  if (of !== undefined) {
    if (text.slice(-CHECKSUM_LENGTH) !== checksum(text.slice(0, -CHECKSUM_LENGTH))) return null;
    return of === 'admin' ? { kind: 'admin_token' } : { kind: 'api_key', mode: of === 'live' ? 'live' : 'test' };
  }
  return GUID.test(text) ? { kind: 'product_token' } : null;
}

/** SHA-256, base64url: all that is stored of a key. A slow hash would buy nothing, for nobody guesses 122 random bits. */
export function keyDigest(key: string): string {
  return hash('sha256', key, 'base64url');
}

/** What people recognise a key by: its prefix and last four characters. */
export function keyHint(key: Secret, kind: KeyKind): string {
  const text = key.reveal();
  const prefix = kind === 'product_token' ? '' : text.slice(0, text.lastIndexOf('_') + 1);
  return `${prefix}…${text.slice(-4)}`;
}

/** A key's row, as it is stored: a digest and a hint stand for the key itself. */
export function keyRow(
  secret: Secret,
  about: Pick<ApiKey, 'id' | 'accountId' | 'kind' | 'mode' | 'name' | 'createdAt'>,
): ApiKey {
  return {
    ...about,
    digest: keyDigest(secret.reveal()),
    hint: keyHint(secret, about.kind),
    lastUsedAt: null,
    revokedAt: null,
  };
}

function checksum(text: string): string {
  let rest = crc32(text);
  let out = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    out = ALPHABET[rest % ALPHABET.length] + out;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return out;
}
