import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmacSha256 } from './hmac.ts';

const repeated = (byte: number, count: number) => Buffer.alloc(count, byte);

/** RFC 4231 §4.2 and §4.3; below, §4.6. The others have data that is not text, or keys longer than a block. */
const vectors = [
  {
    key: repeated(0x0b, 20),
    text: 'Hi There',
    digest: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    key: Buffer.from('Jefe'),
    text: 'what do ya want for nothing?',
    digest: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
];

describe('hmacSha256', () => {
  it.each(vectors)('agrees with RFC 4231: $text', ({ key, text, digest }) => {
    expect(hmacSha256(key)(text)).toBe(digest);
  });

  it('agrees with RFC 4231 §4.6, cut to 128 bits', () => {
    expect(hmacSha256(repeated(0x0c, 20))('Test With Truncation').slice(0, 32)).toBe(
      'a3b6167473100ee06e0c796c2955552b',
    );
  });

  it('agrees with createHmac for any key of up to a block and any text, one after another', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.array(fc.string({ unit: 'binary', maxLength: 400 })),
        (key, texts) => {
          const hmac = hmacSha256(key);
          for (const text of texts) expect(hmac(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
        },
      ),
    );
  });

  it('takes texts longer than any before, then shorter ones', () => {
    const key = repeated(7, 32);
    const hmac = hmacSha256(key);
    for (const text of ['न'.repeat(5000), 'short']) {
      expect(hmac(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
    }
  });

  it('refuses a key longer than a block', () => {
    expect(() => hmacSha256(Buffer.alloc(65))).toThrow(RangeError);
  });
});
