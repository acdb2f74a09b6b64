import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSip } from './parse.ts';
import { sipHeaders } from './sip-headers.ts';
import { NO_BODY, type SipRequest } from './sip-message.ts';
import { writeSip } from './write.ts';

const request = (over: Partial<SipRequest>, extra: readonly (readonly [string, string])[] = []): SipRequest => ({
  kind: 'request',
  method: 'MESSAGE',
  uri: 'sip:a@192.0.2.1',
  headers: sipHeaders([
    ['Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx'],
    ['From', '<sip:a@b>;tag=1'],
    ['To', '<sip:a@b>'],
    ['Call-ID', 'x'],
    ['CSeq', '1 MESSAGE'],
    ...extra,
  ]),
  body: NO_BODY,
  ...over,
});

test('Content-Length is the length of the body in octets, whatever was said of it', () => {
  const text = writeSip(request({ body: Buffer.from('नमस्ते') }, [['l', '3']])).toString();
  expect(text.match(/^(?:l|content-length):.*$/gim)).toEqual(['Content-Length: 18']);
  expect(text.endsWith('\r\n\r\nनमस्ते')).toBe(true);
});

test.each(['\r', '\n', '\0', '\r\nX: y'])('%j is refused wherever a user’s text may stand', (evil) => {
  for (const broken of [
    request({}, [['Subject', `a${evil}b`]]),
    request({}, [[`X${evil}`, 'a']]),
    request({ method: `A${evil}` }),
    request({ uri: `sip:a${evil}@b` }),
    { kind: 'response', status: 200, reason: `O${evil}K`, headers: sipHeaders(), body: NO_BODY } as const,
  ])
    expect(() => writeSip(broken)).toThrow(RangeError);
});

test('a URI with a space or a bracket would be another request line', () => {
  for (const uri of ['sip:a b', '<sip:a>', '', 'sip:a\tb'])
    expect(() => writeSip(request({ uri }))).toThrow(RangeError);
});

test('whatever text stands in a header, it reads back as that one value, or is refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      if (/[\r\n\0]/.test(text)) {
        expect(() => writeSip(request({}, [['Subject', text]]))).toThrow(RangeError);
        return;
      }
      const back = parseSip(writeSip(request({}, [['Subject', text]])));
      expect(back.kind).toBe('request');
      expect(back.headers.all('subject')).toEqual([text.trim().toWellFormed()]);
      expect(back.headers.entries()).toHaveLength(7);
    }),
  );
});
