import { describe, expect, it } from 'vitest';
import { DROPPED, decodeGsm7, ESC, EXTENDED, FOREIGN, SEPTETS } from './gsm7.ts';

describe('SEPTETS', () => {
  const own = Array.from(SEPTETS.keys()).filter((unit) => (SEPTETS[unit] ?? FOREIGN) < DROPPED);

  it('gives each septet of the default alphabet to one character, but ESC to none', () => {
    const septets = own.map((unit) => SEPTETS[unit] ?? FOREIGN).filter((septet) => septet < EXTENDED);
    expect(septets.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 128 }, (_, septet) => septet).filter((septet) => septet !== ESC),
    );
  });

  it('holds the ten characters of the extension table', () => {
    const extended = own.filter((unit) => (SEPTETS[unit] ?? 0) >= EXTENDED);
    expect(extended.map((unit) => String.fromCharCode(unit)).join('')).toBe('\f[\\]^{|}~€');
  });

  it('is undone by decodeGsm7', () => {
    for (const unit of own) {
      const septet = SEPTETS[unit] ?? FOREIGN;
      const octets = septet < EXTENDED ? [septet] : [ESC, septet & 0x7f];
      expect(decodeGsm7(Uint8Array.from(octets))).toBe(String.fromCharCode(unit));
    }
  });

  // 3GPP TS 23.038 §6.2.1: a few places of the table, read from the document and not from our copy of it.
  it.each([
    ['@', 0x00],
    ['£', 0x01],
    ['$', 0x02],
    ['Ç', 0x09],
    ['Δ', 0x10],
    ['_', 0x11],
    ['Ξ', 0x1a],
    ['É', 0x1f],
    ['¤', 0x24],
    ['0', 0x30],
    ['¡', 0x40],
    ['A', 0x41],
    ['Ä', 0x5b],
    ['§', 0x5f],
    ['¿', 0x60],
    ['a', 0x61],
    ['à', 0x7f],
  ])('puts %s at %i', (character, septet) => {
    expect(SEPTETS[character.charCodeAt(0)]).toBe(septet);
  });
});

describe('decodeGsm7', () => {
  it('shows the default character where the extension table has none', () => {
    expect(decodeGsm7(Uint8Array.of(ESC, 0x41))).toBe('A');
  });

  it('shows a space for an ESC before an ESC, and for one at the end', () => {
    expect(decodeGsm7(Uint8Array.of(0x41, ESC, ESC, 0x42))).toBe('A B');
    expect(decodeGsm7(Uint8Array.of(0x41, ESC))).toBe('A ');
  });

  it('shows U+FFFD for an octet that is no septet', () => {
    expect(decodeGsm7(Uint8Array.of(0x80, 0x41, 0xff))).toBe('\ufffdA\ufffd');
  });
});
