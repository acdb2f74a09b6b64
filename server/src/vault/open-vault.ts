import { timingSafeEqual } from 'node:crypto';
import type { Random } from '../values/random.ts';
import type { Secret } from '../values/secret.ts';
import { sealedCells } from './cells.ts';
import { type Hmac, hmacSha256 } from './hmac.ts';
import { KeysUnusable, type VaultKeys } from './keys.ts';
import type { Vault } from './vault.ts';

/** 128 bits, as hex characters: enough that no two numbers of an account meet, and a third off every index entry. */
const NUMBER_DIGEST_HEX = 32;

/** The vault over `keys`. All of it is synchronous: a call takes 1 to 5 µs, less than a way to a thread and back. */
export function openVault(keys: VaultKeys, random: Random): Vault {
  const lastingHmac = hmacSha256(keys.numberPepper);
  const codeHmacs = new Map(keys.versions.map(({ version, pepper }) => [version, hmacSha256(pepper)]));
  const newest = keys.versions.at(-1)?.version ?? 0;
  const codeHmac = codeHmacs.get(newest);
  if (codeHmac === undefined) throw new KeysUnusable('There is no key to make digests with.');
  const { seal, open } = sealedCells(keys.versions, random);

  return {
    numberDigest(accountId, e164) {
      return base64url(lastingHmac(`number\0${accountId}\0${e164}`).slice(0, NUMBER_DIGEST_HEX));
    },
    addressDigest(accountId, address) {
      return base64url(lastingHmac(`address\0${accountId}\0${address}`).slice(0, NUMBER_DIGEST_HEX));
    },
    codeDigest(accountId, otpId, numberDigest, code) {
      return codeDigest(newest, codeHmac, accountId, otpId, numberDigest, code);
    },
    verifyCode(accountId, otpId, numberDigest, code, digest) {
      const version = Number(digest.slice(0, digest.indexOf('.')));
      const hmac = codeHmacs.get(version);
      if (hmac === undefined) return false;
      const given = Buffer.from(codeDigest(version, hmac, accountId, otpId, numberDigest, code));
      const kept = Buffer.from(digest);
      return given.length === kept.length && timingSafeEqual(given, kept);
    },
    requestDigest(accountId, request) {
      return base64url(lastingHmac(`request\0${accountId}\0${request}`));
    },
    seal,
    open,
  };
}

/** The code, the only part that a user typed, comes last: NULs in it cannot shift the other parts. */
function codeDigest(
  version: number,
  hmac: Hmac,
  accountId: string,
  otpId: string,
  numberDigest: string,
  code: Secret,
): string {
  return `${version}.${base64url(hmac(`code\0${accountId}\0${otpId}\0${numberDigest}\0${code.reveal()}`))}`;
}

function base64url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}
