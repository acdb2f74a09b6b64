import { describe, expect, it } from 'vitest';
import { request } from './contract/samples.ts';
import { countIn, countsOf } from './counts.ts';

describe('counting otps in', () => {
  it('goes on after what each account has, and counts by dialect', () => {
    const inserts = [
      { request: request('a'), number: 7 },
      { request: request('b', { dialect: 'native', channel: 'voice' }), number: null },
      { request: request('a', { dialect: 'native' }), number: null },
    ];
    const { otps, increments } = countIn(inserts, new Map([['a', 41]]));
    expect(otps.map(({ ordinal }) => ordinal)).toEqual([42, 1, 43]);
    expect(Object.fromEntries(increments)).toEqual({
      'a otps:tingting:sms': 1,
      'a otp_number': 1,
      'b otps:native:voice': 1,
      'a otps:native:sms': 1,
    });
  });

  it('adds up what passes, and nothing else', () => {
    const counters = [
      { name: 'otps:native:sms', value: 2 },
      { name: 'otp_number', value: 90 },
      { name: 'otps:tingting:sms', value: 3 },
      { name: 'otps:tingting:voice', value: 4 },
    ];
    expect(countsOf(counters)).toEqual({ all: 9, passing: 9 });
    expect(countsOf(counters, 'tingting')).toEqual({ all: 9, passing: 7 });
    expect(countsOf(counters, 'tingting', 'voice')).toEqual({ all: 9, passing: 4 });
    expect(countsOf(counters, undefined, 'sms')).toEqual({ all: 9, passing: 5 });
    expect(countsOf(counters, 'cm')).toEqual({ all: 9, passing: 0 });
    expect(countsOf([])).toEqual({ all: 0, passing: 0 });
  });
});
