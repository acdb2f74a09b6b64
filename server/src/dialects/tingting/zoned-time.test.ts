import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIso } from './iso-instant.ts';
import { timeZones } from './zoned-time.ts';

const zones = timeZones();
const nepal = zones('Asia/Kathmandu');
const newYork = zones('America/New_York');

describe('show', () => {
  it.each([
    ['Asia/Kathmandu', '2025-10-29T07:48:55.512Z', '2025-10-29T13:33:55.512000+05:45'],
    ['UTC', '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000000+00:00'],
    ['Europe/London', '2025-07-01T12:00:00.001Z', '2025-07-01T13:00:00.001000+01:00'],
    ['America/New_York', '2025-11-02T05:59:59.999Z', '2025-11-02T01:59:59.999000-04:00'],
    ['America/New_York', '2025-11-02T06:00:00.000Z', '2025-11-02T01:00:00.000000-05:00'],
    ['America/St_Johns', '2025-01-01T00:00:00.000Z', '2024-12-31T20:30:00.000000-03:30'],
    ['Pacific/Kiritimati', '2025-12-31T12:00:00.000Z', '2026-01-01T02:00:00.000000+14:00'],
  ])('in %s: %s is %s', (zone, at, shown) => {
    expect(zones(zone).show(Date.parse(at))).toBe(shown);
  });

  it('can be read back, by anyone', () => {
    const at = fc.integer({ min: 0, max: 4_000_000_000_000 });
    const zone = fc.constantFrom('Asia/Kathmandu', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'UTC');
    fc.assert(
      fc.property(at, zone, (ms, name) => {
        const shown = zones(name).show(ms);
        expect(Date.parse(shown)).toBe(ms);
        expect(parseIso(shown, nepal)).toEqual({ first: ms, last: ms });
        // A client that forgets to escape the "+" in a query.
        expect(parseIso(shown.replace('+', ' '), nepal)).toEqual({ first: ms, last: ms });
      }),
    );
  });
});

describe('parseIso', () => {
  const at = (text: string, zone = nepal) => {
    const span = parseIso(text, zone);
    return span && [new Date(span.first).toISOString(), new Date(span.last).toISOString()];
  };
  const once = (time: string) => [time, time];

  it('reads times with an offset, and without one in the account’s zone', () => {
    expect(at('2025-10-29T13:33:55+05:45')).toEqual(once('2025-10-29T07:48:55.000Z'));
    expect(at('2025-10-29T13:33:55.512999+0545')).toEqual(once('2025-10-29T07:48:55.512Z'));
    expect(at('2025-10-29 07:48Z')).toEqual(once('2025-10-29T07:48:00.000Z'));
    expect(at('2025-10-29T13:33')).toEqual(once('2025-10-29T07:48:00.000Z'));
    expect(at('2025-07-01T12:00:00', newYork)).toEqual(once('2025-07-01T16:00:00.000Z'));
    expect(at('2025-01-01T12:00:00', newYork)).toEqual(once('2025-01-01T17:00:00.000Z'));
  });

  it('reads a date as the whole day, also one of 23 or 25 hours', () => {
    expect(at('2025-10-29')).toEqual(['2025-10-28T18:15:00.000Z', '2025-10-29T18:14:59.999Z']);
    expect(at('2025-03-09', newYork)).toEqual(['2025-03-09T05:00:00.000Z', '2025-03-10T03:59:59.999Z']);
    expect(at('2025-11-02', newYork)).toEqual(['2025-11-02T04:00:00.000Z', '2025-11-03T04:59:59.999Z']);
  });

  it.each([
    ...['', 'now', '2025', '2025-1-1', '2025-02-30', '2025-13-01', '2025-10-29T', '2025-10-29T25:00', '2025-10-29T10'],
    ...['1761724135', '2025-10-29T13:33:55+5:45', '2025-10-29T13:33:60', "2025-10-29' OR 1=1", '２０２５-10-29'],
    ...['2025-10-29\n', '2025-10-29T13:33+99:99'],
  ])('refuses %j', (text) => {
    expect(parseIso(text, nepal)).toBeNull();
  });
});
