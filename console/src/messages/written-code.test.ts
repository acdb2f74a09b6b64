import { expect, test } from 'vitest';
import { writtenCode } from './written-code.ts';

const code = (text: string) => writtenCode(text)?.code ?? null;

test('the code is found wherever it stands', () => {
  expect(code('482913 is your Acme code.')).toBe('482913');
  expect(code('Your code is 4829.')).toBe('4829');
  expect(code('तपाईंको कोड 482913 हो')).toBe('482913');
  expect(code('Code:\n0048')).toBe('0048');
});

test('numbers, times and amounts are not taken for one', () => {
  expect(code('Call +9779851023212 at 10:3000')).toBeNull();
  expect(code('You pay 1,2000.00 to A4829')).toBeNull();
  expect(code('No code here, 123')).toBeNull();
});

test('the pieces make up the text again', () => {
  const text = 'Use 482913 within 5 minutes';
  expect(writtenCode(text)).toEqual({
    ...{ before: 'Use ', shown: '482913', after: ' within 5 minutes' },
    code: '482913',
  });
});
