import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { describe, expect, it } from 'vitest';
import { encodeSms } from './encode.ts';
import { decodeGsm7 } from './gsm7.ts';
import { countSegments, MAX_SEGMENTS } from './segments.ts';

const GSM = '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà';
const EXTENSION = '^{}\\[~]|€';
/** Of other scripts and one code point each, nothing that joins with its neighbour: the oracle never splits a grapheme. */
const FOREIGN = ['ç', '`', '\t', '’', '\u00a0', 'अ', 'क', '१', 'Ж', '中', '😀', '🎉', '𝒜'];

const gsmText = (maxLength: number) => text([...GSM, ...EXTENSION], maxLength);
const anyText = (maxLength: number) => text([...GSM, ...EXTENSION, ...FOREIGN], maxLength);

/** Without CR: next to an LF the oracle takes both for one character that is not in GSM-7. */
function text(characters: readonly string[], maxLength: number): fc.Arbitrary<string> {
  const one = fc.constantFrom(...characters.filter((character) => character !== '\r'));
  return fc.oneof(
    fc.array(one, { minLength: 1, maxLength }).map((list) => list.join('')),
    // Long runs of one character, so that the edges of parts are hit.
    fc
      .tuple(fc.integer({ min: 1, max: maxLength }), one, fc.array(one, { maxLength: 4 }))
      .map(([n, filler, rest]) => filler.repeat(n) + rest.join('')),
  );
}

function textOf(message: ReturnType<typeof encodeSms>): string {
  const decode =
    message.encoding === 'gsm7' ? decodeGsm7 : (part: Uint8Array) => Buffer.from(part).swap16().toString('utf16le');
  return message.parts.map((part) => decode(part.payload)).join('');
}

function sizesOf(message: ReturnType<typeof encodeSms>): number[] {
  return message.parts.map((part) => part.payload.length);
}

describe('encodeSms', () => {
  it('agrees with the oracle on encoding and count of segments', () => {
    fc.assert(
      fc.property(anyText(500), (message) => {
        const oracle = new SegmentedMessage(message);
        const encoded = encodeSms(message, 1);
        expect(encoded.encoding).toBe(oracle.encodingName === 'GSM-7' ? 'gsm7' : 'ucs2');
        expect(encoded.parts).toHaveLength(oracle.segmentsCount);
      }),
    );
  });

  it('agrees with the oracle on the encoding and the cost of each character up to the euro sign and past it', () => {
    for (let unit = 0x20; unit < 0x2100; unit++) {
      if (unit >= 0x7f && unit < 0xa0) continue;
      const character = String.fromCharCode(unit);
      const oracle = new SegmentedMessage(character);
      const encoded = encodeSms(character, 0);
      const bits = (encoded.parts[0]?.payload.length ?? 0) * (encoded.encoding === 'gsm7' ? 7 : 8);
      expect([unit, encoded.encoding, bits]).toEqual([
        unit,
        oracle.encodingName === 'GSM-7' ? 'gsm7' : 'ucs2',
        oracle.messageSize,
      ]);
    }
  });

  it('comes back as the text that went in, in parts that fit, numbered, none empty', () => {
    fc.assert(
      fc.property(fc.oneof(gsmText(1000), anyText(600)), fc.integer({ min: 0, max: 255 }), (message, reference) => {
        const encoded = encodeSms(message, reference);
        const total = encoded.parts.length;
        const room = encoded.encoding === 'gsm7' ? [160, 153] : [140, 134];
        expect(textOf(encoded)).toBe(message);
        for (const [i, part] of encoded.parts.entries()) {
          expect(part).toMatchObject({ index: i + 1, total, reference: total === 1 ? 0 : reference });
          expect(part.payload.length).toBeGreaterThan(0);
          expect(part.payload.length).toBeLessThanOrEqual(room[total === 1 ? 0 : 1] ?? 0);
        }
      }),
    );
  });

  it('never parts what belongs together: each part can be read by itself', () => {
    fc.assert(
      fc.property(anyText(600), (message) => {
        const encoded = encodeSms(message, 1);
        for (const part of encoded.parts) {
          const alone = textOf({ encoding: encoded.encoding, parts: [part] });
          expect(alone.isWellFormed()).toBe(true);
          // An ESC at the end would show as a space in place of the character that it opens.
          expect(message).toContain(alone);
        }
      }),
    );
  });

  it.each([
    [160, [160]],
    [161, [153, 8]],
    [306, [153, 153]],
    [307, [153, 153, 1]],
  ])('parts %i GSM-7 characters as %j', (length, sizes) => {
    const encoded = encodeSms('x'.repeat(length), 9);
    expect([encoded.encoding, sizesOf(encoded)]).toEqual(['gsm7', sizes]);
  });

  it.each([
    [70, [140]],
    [71, [134, 8]],
    [134, [134, 134]],
    [135, [134, 134, 2]],
  ])('parts %i UCS-2 characters as %j', (length, sizes) => {
    const encoded = encodeSms('क'.repeat(length), 9);
    expect([encoded.encoding, sizesOf(encoded)]).toEqual(['ucs2', sizes]);
  });

  it('moves an extension character whole into the next part', () => {
    expect(sizesOf(encodeSms(`${'x'.repeat(152)}€${'x'.repeat(10)}`, 1))).toEqual([152, 12]);
    expect(sizesOf(encodeSms(`${'x'.repeat(151)}€${'x'.repeat(10)}`, 1))).toEqual([153, 10]);
    expect(sizesOf(encodeSms('€'.repeat(80), 1))).toEqual([160]);
    expect(sizesOf(encodeSms('€'.repeat(81), 1))).toEqual([152, 10]);
  });

  it('moves an emoji whole into the next part', () => {
    expect(sizesOf(encodeSms(`${'क'.repeat(66)}😀${'क'.repeat(10)}`, 1))).toEqual([132, 24]);
    expect(sizesOf(encodeSms(`${'क'.repeat(65)}😀${'क'.repeat(10)}`, 1))).toEqual([134, 20]);
  });

  it('writes the octets of the standard', () => {
    expect([...(encodeSms('@Ç ^€\n1', 0).parts[0]?.payload ?? [])]).toEqual([
      0x00, 0x09, 0x20, 0x1b, 0x14, 0x1b, 0x65, 0x0a, 0x31,
    ]);
    expect([...(encodeSms('a😀', 0).parts[0]?.payload ?? [])]).toEqual([0x00, 0x61, 0xd8, 0x3d, 0xde, 0x00]);
  });

  it.each(['ç', '`', '\t', '’', '\u00a0', '१', '😀'])('takes %j for a character that needs UCS-2', (character) => {
    expect(encodeSms(`a${character}`, 0).encoding).toBe('ucs2');
  });

  it.each(['Ç', '@', '¤', '\f', '€', '\\'])('takes %j for a GSM-7 character', (character) => {
    expect(encodeSms(`a${character}`, 0).encoding).toBe('gsm7');
  });

  it('leaves control characters out, in both encodings, and so sends no ESC of a user', () => {
    expect([...(encodeSms('a\0\u001b<b\u007f\u0085', 0).parts[0]?.payload ?? [])]).toEqual([0x61, 0x3c, 0x62]);
    expect(textOf(encodeSms('क\0\u001b<ख\u007f\u0085', 0))).toBe('क<ख');
    expect(sizesOf(encodeSms(`${'x'.repeat(306)}\0\0`, 0))).toEqual([153, 153]);
  });

  it('turns half of a surrogate pair into U+FFFD, alone and at the edge of a part', () => {
    expect(textOf(encodeSms('a\ud83d', 0))).toBe('a\ufffd');
    expect(textOf(encodeSms('\ude00a', 0))).toBe('\ufffda');
    const edge = encodeSms(`${'क'.repeat(66)}\ud83d${'क'.repeat(20)}`, 0);
    expect(sizesOf(edge)).toEqual([134, 40]);
    expect(textOf(edge)).toBe(`${'क'.repeat(66)}\ufffd${'क'.repeat(20)}`);
  });

  it('makes one empty part of an empty text', () => {
    expect(encodeSms('', 5)).toEqual({
      encoding: 'gsm7',
      parts: [{ payload: Buffer.alloc(0), index: 1, total: 1, reference: 0 }],
    });
  });

  it('numbers up to 255 parts and refuses more', () => {
    expect(encodeSms('x'.repeat(153 * 255), 1).parts).toHaveLength(255);
    expect(() => encodeSms('x'.repeat(153 * 255 + 1), 1)).toThrow(RangeError);
  });
});

describe('countSegments', () => {
  it('counts what encodeSms makes, of any text at all', () => {
    const wild = fc.oneof(
      anyText(900),
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
    );
    const broken = fc
      .array(fc.oneof(fc.constantFrom('\ud83d', '\ude00', '\0', '\u001b', 'x', 'क', '€'), wild), { maxLength: 20 })
      .map((list) => list.join(''));
    fc.assert(
      fc.property(fc.oneof(wild, broken), (message) => {
        expect(countSegments(message)).toBe(encodeSms(message, 0).parts.length);
      }),
    );
  });

  it('is one for an empty text', () => {
    expect(countSegments('')).toBe(1);
  });

  it('goes past the limit that callers refuse at', () => {
    expect(countSegments('x'.repeat(153 * MAX_SEGMENTS))).toBe(MAX_SEGMENTS);
    expect(countSegments('x'.repeat(153 * MAX_SEGMENTS + 1))).toBe(MAX_SEGMENTS + 1);
  });
});
