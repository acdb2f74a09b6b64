/** The octets from `start` up to and without `end`; `whole`: nobody asks for less; `none`: what is asked for lies past the end. */
export type ByteRange = { readonly start: number; readonly end: number } | 'whole' | 'none';

// A length of 15 digits is past any file, and still a number that is exact.
const RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/i;

/**
 * What a `Range` header asks of `length` octets (RFC 9110 §14.1.2). Several ranges at once, and what cannot be read, count as no
 * header, as §14.2 allows.
 */
export function byteRange(header: string | undefined, length: number): ByteRange {
  const [, first = '', last = ''] = RANGE.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const start = Math.max(0, length - Number(last));
    return start < length ? { start, end: length } : 'none';
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'whole';
  if (start >= length) return 'none';
  return { start, end: last === '' ? length : Math.min(length, Number(last) + 1) };
}
