import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { destination, rawRequest, type Target } from './target.ts';

describe('destination', () => {
  it.each([0, 1, 9_999_999, 10_000_000, 29_999_999])('is a valid mobile number: %i', (i) => {
    const number = parsePhoneNumberFromString(`+${destination(i)}`);
    expect(number?.isValid()).toBe(true);
    expect(number?.getType()).toBe('MOBILE');
    expect(destination(i)).toHaveLength(13);
  });
});

describe('rawRequest', () => {
  const number = { number: destination(0) };
  const get: Target = { host: '127.0.0.1', port: 80, method: 'GET', path: '/?to={number}', headers: {}, body: '' };

  it('keeps the place of the number', () => {
    expect(rawRequest(get, number)).toBe('GET /?to={number} HTTP/1.1\r\nhost: 127.0.0.1:80\r\n\r\n');
  });

  it('counts the body as long as it will be with a number in it', () => {
    const post: Target = { ...get, method: 'POST', path: '/', headers: { a: 'b' }, body: '{"to":"{number}"}' };
    expect(rawRequest(post, number)).toBe(
      'POST / HTTP/1.1\r\nhost: 127.0.0.1:80\r\na: b\r\ncontent-length: 22\r\n\r\n{"to":"{number}"}',
    );
  });

  it('keeps the places of a key and a code, in the path too', () => {
    const check: Target = { ...get, method: 'POST', path: '/{key}/check', body: '{"code":"{code}"}' };
    expect(rawRequest(check, { key: 'k', code: '123456' })).toBe(
      'POST /{key}/check HTTP/1.1\r\nhost: 127.0.0.1:80\r\ncontent-length: 17\r\n\r\n{"code":"{code}"}',
    );
  });
});
