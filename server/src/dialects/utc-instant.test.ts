import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUtc } from './utc-instant.ts';

describe('an instant', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T10:20', '2026-01-31T10:20:00.000Z'],
    ['2026-01-31T10:20:30', '2026-01-31T10:20:30.000Z'],
    ['2026-01-31 10:20:30', '2026-01-31T10:20:30.000Z'],
    ['2026-01-31T10:20:30.1234567Z', '2026-01-31T10:20:30.123Z'],
    ['2026-01-31t10:20:30z', '2026-01-31T10:20:30.000Z'],
    ['2026-01-31T10:20:30+05:45', '2026-01-31T04:35:30.000Z'],
    ['2026-01-31T10:20:30 05:45', '2026-01-31T04:35:30.000Z'],
    ['2026-01-31T10:20:30-0100', '2026-01-31T11:20:30.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(new Date(parseUtc(text) ?? Number.NaN).toISOString()).toBe(iso);
  });

  it.each([
    ...['', 'now', '2026', '2026-1-31', '2026-02-30', '2026-13-01', '2026-01-31T25:00:00', '2026-01-31T24:00:00', '0'],
    ...[
      '1769853600',
      '2026-01-31T10:20:30+99:00',
      '2026-01-31Z',
      '31-01-2026',
      '2026-01-31T10',
      '+002026-01-31',
      '2026-01-31\n',
    ],
  ])('%j is none', (text) => {
    expect(parseUtc(text)).toBeNull();
  });

  it('is what JavaScript writes', () => {
    const years = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(fc.property(years, (date) => void expect(parseUtc(date.toISOString())).toBe(date.getTime())));
  });
});
