import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLimitRules, writeLimitRules } from './limit-rules.ts';

describe('parseLimitRules', () => {
  it('reads one, several and none', () => {
    expect(parseLimitRules('3/10m')).toEqual({ value: [{ count: 3, periodMs: 600_000 }] });
    expect(parseLimitRules('3/10m, 5/1h')).toEqual({
      value: [
        { count: 3, periodMs: 600_000 },
        { count: 5, periodMs: 3_600_000 },
      ],
    });
    expect(parseLimitRules('none')).toEqual({ value: [] });
  });

  it.each([
    ['', /as in 3\/10m/],
    ['3', /as in 3\/10m/],
    ['3/10m,', /as in 3\/10m/],
    ['/10m', /as in 3\/10m/],
    ['0/10m', /1 to 1,000,000/],
    ['1000001/10m', /1 to 1,000,000/],
    ['3/10', /not a length of time/],
    ['3/0s', /1s to 31d/],
    ['3/32d', /1s to 31d/],
    [Array.from({ length: 11 }, () => '1/1s').join(','), /too many/],
  ])('refuses %j with the cure', (text, fault) => {
    expect(parseLimitRules(text)).toEqual({ fault: expect.stringMatching(fault) });
  });

  it('reads back what writeLimitRules writes', () => {
    const rule = fc.record({
      count: fc.integer({ min: 1, max: 1_000_000 }),
      periodMs: fc.integer({ min: 1, max: 31 * 86_400 }).map((seconds) => seconds * 1_000),
    });
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 10 }), (rules) => {
        expect(parseLimitRules(writeLimitRules(rules))).toEqual({ value: rules });
      }),
    );
  });
});
