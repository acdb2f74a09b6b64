import { describe, expect, it } from 'vitest';
import { isError } from '../errors.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { networkOf, signInLimit } from './sign-in-limit.ts';

const MINUTE = 60_000;

function refusal(call: () => unknown) {
  try {
    call();
  } catch (error) {
    if (isError(error, 'rate_limited')) return error.detail;
    throw error;
  }
  return undefined;
}

describe('signInLimit', () => {
  it('refuses the eleventh failure in a row for an e-mail, from wherever it comes', () => {
    const limit = signInLimit(new ManualClock());
    for (let i = 0; i < 10; i++) limit.attempt('a@example.com', `192.0.2.${i}`);
    expect(refusal(() => limit.attempt('a@example.com', '192.0.2.99'))).toEqual({
      limit: 'sign_in',
      retryAfterMs: 1.5 * MINUTE,
    });
    expect(refusal(() => limit.attempt('b@example.com', '192.0.2.99'))).toBeUndefined();
  });

  it('refuses the eleventh failure in a row from a network, for whichever e-mail', () => {
    const limit = signInLimit(new ManualClock());
    for (let i = 0; i < 10; i++) limit.attempt(`${i}@example.com`, `2001:db8:1:2::${i}`);
    expect(refusal(() => limit.attempt('new@example.com', '2001:db8:1:2:ffff::1'))).toBeDefined();
    expect(refusal(() => limit.attempt('new@example.com', '2001:db8:1:3::1'))).toBeUndefined();
  });

  it('counts nothing when it refuses, and lets in again after the wait it names', () => {
    const clock = new ManualClock();
    const limit = signInLimit(clock);
    for (let i = 0; i < 10; i++) limit.attempt('a@example.com', undefined);
    for (let i = 0; i < 100; i++) expect(refusal(() => limit.attempt('a@example.com', '192.0.2.1'))).toBeDefined();
    expect(refusal(() => limit.attempt('b@example.com', '192.0.2.1'))).toBeUndefined();
    clock.advance(1.5 * MINUTE);
    expect(refusal(() => limit.attempt('a@example.com', undefined))).toBeUndefined();
  });

  it('does not count successes', () => {
    const limit = signInLimit(new ManualClock());
    for (let i = 0; i < 100; i++) limit.attempt('a@example.com', '192.0.2.1')();
  });

  it('counts attempts that are still running', () => {
    const limit = signInLimit(new ManualClock());
    const running = Array.from({ length: 10 }, () => limit.attempt('a@example.com', undefined));
    expect(refusal(() => limit.attempt('a@example.com', undefined))).toBeDefined();
    running[0]?.();
    expect(refusal(() => limit.attempt('a@example.com', undefined))).toBeUndefined();
    expect(refusal(() => limit.attempt('a@example.com', undefined))).toBeDefined();
  });
});

describe('networkOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['1:2::', '1:2:0:0::/64'],
  ])('%s is in %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
