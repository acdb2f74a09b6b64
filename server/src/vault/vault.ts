import type { Secret } from '../values/secret.ts';

/** Where a sealed cell stands. It is bound into the cell: moved elsewhere, the cell no longer opens. */
export interface Place {
  readonly account: string;
  readonly row: string;
  readonly column: 'number' | 'content' | 'handset' | 'carrier' | 'trunk' | 'callback' | 'secret' | 'answer';
}

/**
 * The keys that are kept outside the database, and all that is done with them. Every output names the version of the key it was
 * made with, so that keys can be added and old cells still be opened.
 */
export interface Vault {
  /** HMAC-SHA-256 over account and E.164 number, cut to 128 bits, base64url (22 characters): equal for equal numbers of one account. */
  numberDigest(accountId: string, e164: string): string;
  /** The same for an end user's address. */
  addressDigest(accountId: string, address: string): string;
  /** HMAC-SHA-256 over account, otp id, the number's digest and code, base64url with the key's version. Compare with `verifyCode`. */
  codeDigest(accountId: string, otpId: string, numberDigest: string, code: Secret): string;
  /** Whether `code` is the one that `digest` was made of, with whichever key version it names; compares in constant time. */
  verifyCode(accountId: string, otpId: string, numberDigest: string, code: Secret, digest: string): boolean;
  /**
   * HMAC-SHA-256 over account and request, base64url: what an Idempotency-Key is remembered with, equal for equal requests. Requests
   * hold codes and passwords, which could be tried out against a plain hash.
   */
  requestDigest(accountId: string, request: string): string;
  /** AES-256-GCM under a fresh 96-bit nonce with `place` as additional data; base64url with the key's version. */
  seal(place: Place, text: string): string;
  /** The text, or null when the cell was made for another place, with an unknown key, or was altered: fails closed. */
  open(place: Place, sealed: string): string | null;
}
