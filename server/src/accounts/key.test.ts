import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRandom } from '../values/random.ts';
import { drawKey, drawProductToken, keyDigest, keyHint, parseKey } from './key.ts';

const random = systemRandom();

describe('drawKey', () => {
  it('draws keys that parse as what they are', () => {
    expect(parseKey(drawKey('test', random).reveal())).toEqual({ kind: 'api_key', mode: 'test' });
    expect(parseKey(drawKey('live', random).reveal())).toEqual({ kind: 'api_key', mode: 'live' });
    expect(parseKey(drawKey('admin', random).reveal())).toEqual({ kind: 'admin_token' });
  });

  it('draws from the whole alphabet, never twice the same', () => {
    const keys = Array.from({ length: 500 }, () => drawKey('live', random).reveal());
    expect(new Set(keys).size).toBe(500);
    const characters = new Set(keys.flatMap((key) => [...key.slice('pb_live_'.length, -6)]));
    expect(characters.size).toBe(62);
  });

  it('does not print', () => {
    expect(`${drawKey('live', random)} ${JSON.stringify(drawKey('live', random))}`).not.toContain('pb_live_');
  });
});

describe('drawProductToken', () => {
  it('draws lower-case GUIDs of version 4', () => {
    const token = drawProductToken(random).reveal();
    expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseKey(token)).toEqual({ kind: 'product_token' });
    expect(drawProductToken(random).reveal()).not.toBe(token);
  });
});

describe('parseKey', () => {
  const key = drawKey('test', random).reveal();

  it('sees every single-character typo and every swap of neighbours', () => {
    for (let i = 8; i < key.length; i++) {
      const other = key[i] === 'x' ? 'y' : 'x';
      expect(parseKey(key.slice(0, i) + other + key.slice(i + 1)), `at ${i}`).toBeNull();
      const next = key[i + 1];
      if (next === undefined || next === key[i]) continue;
      expect(parseKey(key.slice(0, i) + next + key[i] + key.slice(i + 2)), `swap at ${i}`).toBeNull();
    }
  });

  it('does not take a test key for a live one', () => {
    expect(parseKey(key.replace('pb_test_', 'pb_live_'))).toBeNull();
  });

  it.each(['', 'pb_test_', ` ${key}`, `${key}\n`, `${key}0`, key.slice(0, -1), key.toUpperCase()])(
    'refuses %j',
    (text) => {
      expect(parseKey(text)).toBeNull();
    },
  );

  it('refuses a text of the right form that nobody drew', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^pb_(test|live|admin)_[0-9A-Za-z]{34}$/), (text) => {
        expect(parseKey(text)).toBeNull();
      }),
    );
  });
});

describe('what is kept of a key', () => {
  it('is its SHA-256', () => {
    // FIPS 180-2, appendix B.1.
    expect(Buffer.from(keyDigest('abc'), 'base64url').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('and a hint of four characters', () => {
    const key = drawKey('live', random);
    expect(keyHint(key, 'api_key')).toBe(`pb_live_…${key.reveal().slice(-4)}`);
    const token = drawProductToken(random);
    expect(keyHint(token, 'product_token')).toBe(`…${token.reveal().slice(-4)}`);
  });
});
