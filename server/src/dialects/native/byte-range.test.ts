import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteRange } from './byte-range.ts';

test('the examples of RFC 9110 §14.1.2, for 10,000 octets', () => {
  expect(byteRange('bytes=0-499', 10_000)).toEqual({ start: 0, end: 500 });
  expect(byteRange('bytes=500-999', 10_000)).toEqual({ start: 500, end: 1_000 });
  expect(byteRange('bytes=-500', 10_000)).toEqual({ start: 9_500, end: 10_000 });
  expect(byteRange('bytes=9500-', 10_000)).toEqual({ start: 9_500, end: 10_000 });
});

test('ends are cut to what there is, and what begins past the end is not there', () => {
  expect(byteRange('bytes=9999-20000', 10_000)).toEqual({ start: 9_999, end: 10_000 });
  expect(byteRange('bytes=-20000', 10_000)).toEqual({ start: 0, end: 10_000 });
  expect(byteRange('bytes=10000-', 10_000)).toBe('none');
  expect(byteRange('bytes=-0', 10_000)).toBe('none');
});

test('what is no single range of octets asks for all', () => {
  for (const header of [undefined, '', 'bytes', 'bytes=-', 'bytes=5-4', 'bytes=0-1,3-4', 'bytes=a-', 'lines=0-1']) {
    expect(byteRange(header, 10_000)).toBe('whole');
  }
});

test('whatever is asked for, an answer lies within the octets and is not empty', () => {
  const header = fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d{0,17}-\d{0,17}$/));
  fc.assert(
    fc.property(header, fc.nat(), (text, length) => {
      const range = byteRange(text, length);
      if (typeof range === 'string') return true;
      return range.start >= 0 && range.start < range.end && range.end <= length;
    }),
  );
});
