import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseNameAddr, tagOf, writeNameAddr } from './name-addr.ts';

test.each([
  ['sip:a@b;tag=1', '', 'sip:a@b', [['tag', '1']]],
  ['<sip:a@b;user=phone>;tag=1', '', 'sip:a@b;user=phone', [['tag', '1']]],
  ['A. Bell <sip:a@b>', 'A. Bell', 'sip:a@b', []],
  ['Søren <sip:a@b>', 'Søren', 'sip:a@b', []],
  [
    '"a \\"b\\" <c>" <sip:a@b> ; Expires = 60 ;lr',
    'a "b" <c>',
    'sip:a@b',
    [
      ['expires', '60'],
      ['lr', null],
    ],
  ],
  ['<sip:a@[2001:db8::1]:5060>;tag=a/b==', '', 'sip:a@[2001:db8::1]:5060', [['tag', 'a/b==']]],
  ['<tel:+9771>;x="a\\"b;c"', '', 'tel:+9771', [['x', 'a"b;c']]],
])('%s', (value, displayName, uri, params) => {
  expect(parseNameAddr(value)).toEqual({ displayName, uri, params });
});

test.each([
  '',
  '*',
  'Bell, Alexander <sip:a@b>',
  '"open <sip:a@b>',
  '"a" b <sip:a@b>',
  '<sip:a@b',
  '< sip:a@b >',
  '<sip:a@b>;;tag=1',
  '<sip:a@b>tag=1',
  'sip:a@b?Route=x',
  'nothing',
])('%j is malformed', (value) => {
  expect(parseNameAddr(value)).toBeNull();
});

test('what is written reads back, whatever the name', () => {
  const token = fc.stringMatching(/^[a-z0-9.-]{1,8}$/);
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.tuple(token, fc.option(fc.string({ minLength: 1 })))),
      (displayName, params) => {
        const written = writeNameAddr({ displayName, uri: 'sip:a@b;user=phone', params });
        expect(parseNameAddr(written)).toEqual({ displayName, uri: 'sip:a@b;user=phone', params });
      },
    ),
  );
});

test('a URI cannot end the brackets, nor a name the line', () => {
  const params: [] = [];
  for (const uri of ['sip:a@b>;x', 'sip:a b', 'sip:a\r\n', 'x'])
    expect(() => writeNameAddr({ displayName: '', uri, params })).toThrow(RangeError);
  expect(() => writeNameAddr({ displayName: 'a\r\nX: y', uri: 'sip:a@b', params })).toThrow(RangeError);
});

test('tags', () => {
  expect(tagOf('<sip:a@b;tag=no>;tag=yes')).toBe('yes');
  expect(tagOf('<sip:a@b;tag=no>')).toBeNull();
  expect(tagOf('rubbish')).toBeNull();
  expect(tagOf(undefined)).toBeNull();
});
