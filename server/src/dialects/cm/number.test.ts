import { describe, expect, it } from 'vitest';
import { readCallee, readCaller } from './number.ts';

const fault = { fault: expect.any(String) };

describe('a callee', () => {
  it.each(['+9779851023212', '009779851023212', '9779851023212', '9851023212', '+977 985-1023212'])(
    'is known as %s',
    (text) => {
      expect(readCallee(text, 'NP')).toMatchObject({ number: { e164: '+9779851023212', country: 'NP' } });
    },
  );

  it('may be abroad', () => {
    expect(readCallee('+31612345678', 'NP')).toMatchObject({ number: { e164: '+31612345678', country: 'NL' } });
    expect(readCallee('0031612345678', 'NP')).toMatchObject({ number: { e164: '+31612345678' } });
  });

  it('is quoted where it is none, with the cure', () => {
    const cure = 'write + and the country code, as in +9779851023212, and check the count of digits';
    expect(readCallee('+99', 'NP')).toEqual({ fault: `'+99' is not a valid E.164 number: ${cure}` });
    expect(readCallee('985x', 'NP')).toEqual({
      fault: "'985x' is not a valid E.164 number: write + and digits alone, as in +9779851023212",
    });
    expect(readCallee('985102\u200b3212', 'NP')).toEqual({ fault: expect.stringMatching(/^is not .*invisible/) });
  });

  it.each([
    undefined,
    null,
    '',
    9_779_851_023_212,
    ['+9779851023212'],
    {},
    true,
    '+',
    `+9779851023212${' '.repeat(11)}`,
  ])('is not %j', (value) => {
    expect(readCallee(value, 'NP')).toEqual(fault);
  });

  it('is taken with 24 characters, and no more', () => {
    expect(readCallee('+977 - 985 - 102 - 3212.', 'NP')).toMatchObject({ number: { e164: '+9779851023212' } });
    expect(readCallee('+977 - 985 - 102 - 3212..', 'NP')).toEqual({ fault: 'must have 24 characters or fewer' });
  });
});

describe('a caller', () => {
  it.each([
    ['+9771234567', '+9771234567'],
    // As in the SDK's samples: no plan has it.
    ['+1234567890', '+1234567890'],
    ['004917631122841', '+4917631122841'],
    ['9779851023212', '+9779851023212'],
    ['01-4567890', '+97714567890'],
    ['+1', '+1'],
    ['+123456789012345', '+123456789012345'],
  ])('%s is shown as %s', (text, e164) => {
    expect(readCaller(text, 'NP')).toEqual({ number: e164 });
  });

  it.each([
    ...['+1234567890123456', '+0123', '000123', 'ACME', '+12\r\nX: y', 'sip:a@b', '"x" <+123>', '112', '911', '1234'],
    ...['+1;phone-context=x', '+977%31', null, undefined, '', 977, {}, ' +123', '+१२३'],
  ])('is not %j', (value) => {
    expect(readCaller(value, 'NP')).toEqual(fault);
  });
});
