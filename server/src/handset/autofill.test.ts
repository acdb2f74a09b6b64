import { expect, it } from 'vitest';
import { withAutofill } from '../otp/messages/autofill.ts';
import { autofillOf } from './autofill.ts';

const CODE = '012345';
const words = `${CODE} is your code`;

it('is the site that a code is bound to, and the code', () => {
  const text = withAutofill(words, CODE, { domain: 'shop.example.com', androidHash: null });
  expect(autofillOf(text)).toEqual({ domain: 'shop.example.com', androidHash: null, code: CODE });
});

it('is the app that a message is for, as long as Android reads it', () => {
  const hashed = (text: string) => withAutofill(text, CODE, { domain: null, androidHash: 'FA+9qCX9VSu' });
  expect(autofillOf(hashed(words))).toEqual({ domain: null, androidHash: 'FA+9qCX9VSu', code: null });
  const longest = 'x'.repeat(140 - '\n\nFA+9qCX9VSu'.length);
  expect(autofillOf(hashed(longest))).not.toBeNull();
  expect(autofillOf(hashed(`${longest}x`))).toBeNull();
});

it.each([
  words,
  '',
  '@shop.example.com #012345\nis not the last line',
  'see @shop.example.com #012345',
  '@shop.example.com 012345',
  // A word of eleven letters at the end of a sentence.
  'Your code for the Kathmandutv',
  '0123456789 is not a hash\nFA+9qCX9VS',
])('is nothing in %j', (text) => {
  expect(autofillOf(text)).toBeNull();
});
