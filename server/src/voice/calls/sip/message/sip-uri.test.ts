import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeUser, parseSipUri, type SipUri, writeSipUri } from './sip-uri.ts';

const uri = (over: Partial<SipUri>): SipUri => ({
  scheme: 'sip',
  user: null,
  password: null,
  host: 'example.com',
  port: null,
  params: [],
  headers: null,
  ...over,
});

test.each<[string, SipUri]>([
  ['sip:example.com', uri({})],
  ['sips:a:b@EXAMPLE.com:5061', uri({ scheme: 'sips', user: 'a', password: 'b', port: 5061 })],
  ['sip:[2001:db8::1]:5060;transport=tcp', uri({ host: '2001:db8::1', port: 5060, params: [['transport', 'tcp']] })],
  ['sip:user;par=u%40x@example.com;lr', uri({ user: 'user;par=u%40x', params: [['lr', null]] })],
  ['sip:a@example.com?Route=%3Csip:x%3E', uri({ user: 'a', headers: 'Route=%3Csip:x%3E' })],
])('%s', (text, parsed) => {
  expect(parseSipUri(text)).toEqual(parsed);
  expect(writeSipUri(parsed).toLowerCase()).toBe(text.toLowerCase());
});

test('tel: numbers, their visual separators taken out', () => {
  expect(parseSipUri('tel:+1-(212).555;phone-context=x')).toEqual({
    scheme: 'tel',
    number: '+1212555',
    params: [['phone-context', 'x']],
  });
});

test.each([
  '',
  'sip:',
  'sip:a@',
  'sip:@b',
  'sip:a@b@c',
  'sip:a b@c',
  'sip:a@b:0',
  'sip:a@b:65536',
  'sip:a@[b',
  'sip:a@b;',
  'sip:a@b;x=',
  'sip:%zz@b',
  'http://b',
  'tel:',
  'tel:--',
])('%j is none', (text) => {
  expect(parseSipUri(text)).toBeNull();
});

test('no part can make it another URI', () => {
  for (const over of [{ user: 'a@b' }, { user: 'a:b' }, { host: 'b;x' }, { host: 'b?x=y' }, { user: 'a\r\n' }] as const)
    expect(() => writeSipUri(uri(over))).toThrow(RangeError);
  expect(() => writeSipUri(uri({ params: [['x', 'y;z']] }))).toThrow(RangeError);
  expect(() => writeSipUri({ scheme: 'tel', number: '1;x=y', params: [] })).toThrow(RangeError);
});

test('any text, escaped, is a user', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      const user = escapeUser(text);
      expect(parseSipUri(writeSipUri(uri({ user })))).toEqual(uri({ user }));
      expect(decodeURIComponent(user)).toBe(text.toWellFormed());
    }),
  );
  expect(escapeUser('+9779851023212')).toBe('+9779851023212');
});
