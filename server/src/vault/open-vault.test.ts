import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRandom } from '../values/random.ts';
import { Secret } from '../values/secret.ts';
import { drawKeys, type VaultKeys } from './keys.ts';
import { openVault } from './open-vault.ts';
import type { Place } from './vault.ts';

const random = systemRandom();
const keys = drawKeys(random.bytes);
const vault = openVault(keys, random);
const place: Place = { account: 'a1', row: 'r1', column: 'content' };
const number = '+9779851023212';
const code = new Secret('012345');

function withVersion(keys: VaultKeys, version: number): VaultKeys {
  return {
    ...keys,
    versions: [...keys.versions, { version, pepper: random.bytes(32), cipher: random.bytes(32) }],
  };
}

describe('sealed cells', () => {
  it('open at their own place, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(vault.open(place, vault.seal(place, text))).toBe(text);
      }),
    );
  });

  it.each<[string, Place]>([
    ['another account', { ...place, account: 'a2' }],
    ['another row', { ...place, row: 'r2' }],
    ['another column', { ...place, column: 'number' }],
    ['parts that read the same when run together', { account: 'a', row: '1r1', column: 'content' }],
  ])('do not open for %s', (_, elsewhere) => {
    expect(vault.open(elsewhere, vault.seal(place, 'x'))).toBeNull();
  });

  it('do not open once any byte of them was altered', () => {
    const cell = Buffer.from(vault.seal(place, '{"code":"012345"}'), 'base64url');
    for (let i = 0; i < cell.length; i++) {
      const altered = Buffer.from(cell);
      altered[i] = (altered[i] ?? 0) ^ 1;
      expect(vault.open(place, altered.toString('base64url')), `byte ${i}`).toBeNull();
    }
  });

  it.each(['', 'AQ', 'not a cell', 'AQAAAAAAAAAAAAAAAAAAAA', '🙂'])('do not open from rubbish: %j', (rubbish) => {
    expect(vault.open(place, rubbish)).toBeNull();
  });

  it('do not open once they were cut', () => {
    const cell = Buffer.from(vault.seal(place, 'text'), 'base64url');
    for (let length = 0; length < cell.length; length++) {
      expect(vault.open(place, cell.subarray(0, length).toString('base64url'))).toBeNull();
    }
  });

  it('never use a nonce twice', () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      nonces.add(Buffer.from(vault.seal(place, ''), 'base64url').toString('hex', 1, 13));
    }
    expect(nonces.size).toBe(20_000);
  });

  it('made with an older key version still open; new ones are made with the newest', () => {
    const old = vault.seal(place, 'old');
    const rotated = openVault(withVersion(keys, 2), random);
    expect(rotated.open(place, old)).toBe('old');
    const fresh = rotated.seal(place, 'new');
    expect(rotated.open(place, fresh)).toBe('new');
    expect(vault.open(place, fresh)).toBeNull();
  });
});

describe('numberDigest', () => {
  it('is equal for one number of one account, and 128 bits long', () => {
    expect(vault.numberDigest('a1', number)).toBe(vault.numberDigest('a1', number));
    expect(vault.numberDigest('a1', number)).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  it('differs by account, number and pepper, and survives a new key version', () => {
    const digest = vault.numberDigest('a1', number);
    expect(vault.numberDigest('a2', number)).not.toBe(digest);
    expect(vault.numberDigest('a1', '+9779851023213')).not.toBe(digest);
    expect(openVault(drawKeys(random.bytes), random).numberDigest('a1', number)).not.toBe(digest);
    expect(openVault(withVersion(keys, 2), random).numberDigest('a1', number)).toBe(digest);
  });
});

describe('requestDigest', () => {
  it('tells accounts, requests and peppers apart, and is no plain hash', () => {
    const digest = vault.requestDigest('a1', '{}');
    expect(vault.requestDigest('a1', '{}')).toBe(digest);
    expect(vault.requestDigest('a2', '{}')).not.toBe(digest);
    expect(vault.requestDigest('a1', '{} ')).not.toBe(digest);
    expect(openVault(drawKeys(random.bytes), random).requestDigest('a1', '{}')).not.toBe(digest);
  });
});

describe('codeDigest', () => {
  const digest = vault.codeDigest('a1', 'o1', number, code);

  it('is verified by the same code for the same otp, number and account', () => {
    expect(vault.verifyCode('a1', 'o1', number, code, digest)).toBe(true);
  });

  it.each<[string, Parameters<typeof vault.codeDigest>]>([
    ['another account', ['a2', 'o1', number, code]],
    ['another otp', ['a1', 'o2', number, code]],
    ['another number', ['a1', 'o1', '+9779851023213', code]],
    ['another code', ['a1', 'o1', number, new Secret('012346')]],
    ['the code without its leading zero', ['a1', 'o1', number, new Secret('12345')]],
    ['a code that pretends to be the other parts', ['a1', 'o1', '', new Secret(`${number}\u0000012345`)]],
  ])('is not verified by %s', (_, [account, otp, to, tried]) => {
    expect(vault.verifyCode(account, otp, to, tried, digest)).toBe(false);
  });

  it.each(['', '.', '1', '1.', '2.abc', 'x.abc', '1.short'])('is not verified against rubbish: %j', (rubbish) => {
    expect(vault.verifyCode('a1', 'o1', number, code, rubbish)).toBe(false);
  });

  it('made with an older key version is still verified', () => {
    const rotated = openVault(withVersion(keys, 2), random);
    expect(rotated.verifyCode('a1', 'o1', number, code, digest)).toBe(true);
    expect(rotated.codeDigest('a1', 'o1', number, code)).not.toBe(digest);
  });
});
