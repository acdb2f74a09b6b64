import { expect, it, test } from 'vitest';
import { NOTHING_ALLOWED, parseAllowList } from './allow-list.ts';
import { parseCallbackUrl } from './callback-url.ts';
import { hostileUrls } from './hostile-urls.ts';

function allowing(text: string) {
  const read = parseAllowList(text);
  if ('fault' in read) throw new Error(read.fault);
  return read.value;
}

it.each(hostileUrls(8123).map((url) => ({ url })))('$url is refused', ({ url }) => {
  const read = parseCallbackUrl(url, NOTHING_ALLOWED);
  expect('fault' in read && read.fault).toMatch(/.{20}/);
});

it.each([
  ['https://example.com', 'https://example.com/', 'example.com'],
  ['HTTPS://EXAMPLE.com:443/a/../b?c=d%20e', 'https://example.com/b?c=d%20e', 'example.com'],
  ['http://example.com.:8080/x', 'http://example.com:8080/x', 'example.com'],
  ['http://пример.com/', 'http://xn--e1afmkfd.com/', 'xn--e1afmkfd.com'],
  ['http://8.8.8.8/', 'http://8.8.8.8/', '8.8.8.8'],
  ['https://[2606:4700::1111]:8443/', 'https://[2606:4700::1111]:8443/', '2606:4700::1111'],
  ['http://[64:ff9b::8.8.8.8]/', 'http://[64:ff9b::808:808]/', '64:ff9b::808:808'],
  ['http://example.com/@user/:x', 'http://example.com/@user/:x', 'example.com'],
])('%s is %s', (text, href, host) => {
  expect(parseCallbackUrl(text, NOTHING_ALLOWED)).toMatchObject({ url: { href, host } });
});

test('origin and path are the two halves of it', () => {
  const read = parseCallbackUrl('http://[2606:4700::1111]:81/a?b', NOTHING_ALLOWED);
  expect(read).toMatchObject({ url: { origin: 'http://[2606:4700::1111]:81', path: '/a?b' } });
});

test('what the operator lists may be named, by host or by address', () => {
  const allow = allowing('receiver.localhost,127.0.0.0/8');
  for (const url of [
    'http://127.0.0.1:9/',
    'http://0x7f.1:8123/',
    'http://receiver.localhost:8123/',
    'http://localhost:8123/',
  ]) {
    expect('url' in parseCallbackUrl(url, allow), url).toBe(!url.includes(':9/'));
  }
  expect(parseCallbackUrl('http://10.0.0.1/', allow)).toMatchObject({
    fault: expect.stringMatching(/PASSBELL_CALLBACK_ALLOW/),
  });
  expect(parseCallbackUrl('http://[::1]/', allow)).toMatchObject({ fault: expect.stringMatching(/not public/) });
  expect(parseCallbackUrl('http://localhost/', allowing('10.0.0.0/8'))).toHaveProperty('fault');
});

test('a fault does not repeat the URL: it may hold a token', () => {
  for (const url of [
    'http://u:s3cret@example.com/',
    'http://127.0.0.1/s3cret',
    'http://example.com:22/s3cret',
    'x:s3cret',
  ]) {
    expect(JSON.stringify(parseCallbackUrl(url, NOTHING_ALLOWED))).not.toContain('s3cret');
  }
});

test('2048 characters are the end, also when percent-encoding adds them', () => {
  const base = 'http://example.com/';
  expect(parseCallbackUrl(base + 'x'.repeat(2048 - base.length), NOTHING_ALLOWED)).toHaveProperty('url');
  expect(parseCallbackUrl(base + 'x'.repeat(2049 - base.length), NOTHING_ALLOWED)).toHaveProperty('fault');
  expect(parseCallbackUrl(base + 'ö'.repeat(400), NOTHING_ALLOWED)).toHaveProperty('fault');
});
