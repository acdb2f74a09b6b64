import { describe, expect, it } from 'vitest';
import { request } from './contract/samples.ts';
import { countIn, countsOf } from './counts.ts';

describe('counting otps in', () => {
  it('goes on after what each account has, and counts by dialect', () => {
    const inserts = [
      { request: request('a'), number: 7 },
      { request: request('b', { dialect: 'native' }), number: null },
      { request: request('a', { dialect: 'native' }), number: null },
    ];
    const { otps, increments } = countIn(inserts, new Map([['a', 41]]));
    expect(otps.map(({ ordinal }) => ordinal)).toEqual([42, 1, 43]);
    expect(Object.fromEntries(increments)).toEqual({
      'a otps:tingting': 1,
      'a otp_number': 1,
      'b otps:native': 1,
      'a otps:native': 1,
    });
  });

  it('adds up the dialects, and nothing else', () => {
    const counters = [
      { name: 'otps:native', value: 2 },
      { name: 'otp_number', value: 90 },
      { name: 'otps:tingting', value: 3 },
    ];
    expect(countsOf(counters)).toEqual({ all: 5, ofDialect: 0 });
    expect(countsOf(counters, 'tingting')).toEqual({ all: 5, ofDialect: 3 });
    expect(countsOf(counters, 'cm')).toEqual({ all: 5, ofDialect: 0 });
  });
});
