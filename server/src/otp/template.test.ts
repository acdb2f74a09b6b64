import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSms } from '../sms/encode.ts';
import { Secret } from '../values/secret.ts';
import { spaced } from './code.ts';
import { renderOtp, templateFault } from './template.ts';

const code = new Secret('012345');

describe('renderOtp', () => {
  it.each([
    ['{otp}', '012345'],
    ['Hi, your otp is {otp}', 'Hi, your otp is 012345'],
    ['{otp}{otp} {otp}', '012345012345 012345'],
    ['{{otp}}', '{012345}'],
    ['{{otp}otp}', '{012345otp}'],
    ['{ otp } {OTP} {otp', '{ otp } {OTP} {otp'],
    ["$& $` $' $$ $1 {otp} $&", "$& $` $' $$ $1 012345 $&"],
    ['<script>{otp}</script>', '<script>012345</script>'],
    ['कोड {otp} 😀', 'कोड 012345 😀'],
  ])('renders %j as %j', (template, rendered) => {
    expect(renderOtp(template, code)).toBe(rendered);
  });

  it.each(['$&', '$`', "$'", '$$', '{otp}', '{otp}{otp}', '{'])('puts %j in as it stands, in one pass', (text) => {
    expect(renderOtp('a{otp}b{otp}c', new Secret(text))).toBe(`a${text}b${text}c`);
  });

  it('replaces every placeholder and nothing else', () => {
    const pieces = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }).filter((piece) => !/[{}]/.test(piece)));
    fc.assert(
      fc.property(pieces, fc.string({ maxLength: 10 }), (between, text) => {
        expect(renderOtp(between.join('{otp}'), new Secret(text))).toBe(between.join(text));
      }),
    );
  });

  it('renders 500 placeholders, and a megabyte of them', () => {
    expect(renderOtp('{otp}'.repeat(500), code)).toBe('012345'.repeat(500));
    expect(renderOtp('{otp}'.repeat(200_000), code)).toHaveLength(1_200_000);
  });

  it('yields the text that the handset shows, also of half a surrogate pair', () => {
    const text = renderOtp('{otp} \ud83d', code);
    expect(text).toBe('012345 \ufffd');
    expect(
      Buffer.from(encodeSms(text, 0).parts[0]?.payload ?? [])
        .swap16()
        .toString('utf16le'),
    ).toBe(text);
  });

  it('renders a code as it is read out', () => {
    expect(renderOtp('Your code is {otp}.', spaced(code))).toBe('Your code is 0 1 2 3 4 5.');
  });
});

describe('templateFault', () => {
  it.each([
    '{otp}',
    'Your code is {otp}.\r\nDo not share it.\n',
    'तपाईंको कोड {otp} हो।',
    '{otp} and, by the way, {OTP}',
    'Write to us @ {otp} #1',
    '@shop: your code is {otp}',
    '@evil.com #{otp}\nis not the last line here',
    '$& $` {otp} <script> €[]{}~^|\\',
    `${'x'.repeat(1530 - 10)}{otp}`,
    `${'क'.repeat(670 - 10)}{otp}`,
    '{otp} \ud83d',
  ])('finds nothing wrong with %j', (template) => {
    expect(templateFault(template)).toBeNull();
  });

  it.each([
    [undefined, /required/],
    [null, /required/],
    ['', /required/],
    [5, /must be a string/],
    [['{otp}'], /must be a string/],
    [{ toString: '{otp}' }, /must be a string/],
    ['Your code', /must hold the placeholder/],
    ['otp', /must hold the placeholder/],
    ['{ otp }', /small letters and without spaces/],
    ['{OTP}', /small letters and without spaces/],
    ['{Otp}', /small letters and without spaces/],
    ['{{ otp }}', /small letters and without spaces/],
    ['{{otp}}', /single braces/],
    ['{otp}\0', /control character/],
    ['\u001b{otp}', /control character/],
    ['{otp}\u0085', /control character/],
    ['{otp}\n@evil.com #{otp}', /@host #code/],
    ['{otp}\n@evil.com #{otp}\n \n', /@host #code/],
    ['{otp}\r@evil.com #123456', /@host #code/],
    ['{otp}\u2028@evil.com #{otp}', /@host #code/],
    ['{otp}\n@evil.com @ads.evil.com #{otp}', /@host #code/],
    ['{otp}\n  @evil.com #{otp} %frame.evil.com', /@host #code/],
    ['@evil.com #{otp}', /@host #code/],
    [`${'x'.repeat(1530 - 9)}{otp}`, /more than 10 SMS segments/],
    [`${'क'.repeat(670 - 9)}{otp}`, /more than 10 SMS segments/],
    ['{otp}'.repeat(500), /more than 10 SMS segments/],
    [`{otp}${'तपाईं '.repeat(170_000)}`, /more than 10 SMS segments/],
    ['x'.repeat(1_000_000), /more than 10 SMS segments/],
  ])('says what is wrong with %j', (template, sentence) => {
    const fault = templateFault(template);
    expect(fault).toMatch(sentence);
    expect(fault).toMatch(/^[A-Z].*\.$/);
  });

  it('lets through only what then takes about ten segments, whatever the code', () => {
    const template = fc.array(
      fc.oneof(fc.constantFrom('{otp}', '€', 'क', '😀', '\n', 'x'.repeat(60)), fc.string({ maxLength: 40 })),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(template, fc.stringMatching(/^[0-9A-Za-z]{4,10}$/), (pieces, text) => {
        const message = pieces.join('');
        fc.pre(templateFault(message) === null);
        // Not ten flat: a shorter code moves the edges of parts, and pairs that fell well may then fall badly.
        expect(encodeSms(renderOtp(message, new Secret(text)), 0).parts.length).toBeLessThanOrEqual(11);
      }),
    );
  });

  it('counts with the longest code that a dialect allows', () => {
    const template = `${'x'.repeat(1530 - 32)}{otp}`;
    expect(templateFault(template, 32)).toBeNull();
    expect(templateFault(template, 33)).toMatch(/segments/);
  });
});
