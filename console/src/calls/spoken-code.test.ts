import { expect, test } from 'vitest';
import { spokenCode } from './spoken-code.ts';

const code = (transcript: string) => spokenCode(transcript)?.code ?? null;

test('characters that were spelled are put together', () => {
  expect(code('Your code is 9 2 1 3 3 6 Press 1 to hear it again.')).toBe('921336');
  expect(code('It is A 4 B 7')).toBe('A4B7');
  expect(code('तपाईंको कोड ४ ८ २ ९ हो')).toBe('४८२९');
});

test('it grows while it is said, and stays while it is said again', () => {
  expect(code('Your code is 9 2 1')).toBeNull();
  expect(code('Your code is 9 2 1 3')).toBe('9213');
  expect(code('Your code is 9 2 1 3 3 6 Your code is 9 2 1 3')).toBe('921336');
});

test('words of one letter beside it do not belong to it', () => {
  expect(code('तपाईंको कोड 4 8 2 9 हो')).toBe('4829');
  expect(code('Kod to 4 8 2 9 i nic')).toBe('4829');
  expect(code('It is a 4 B 7 1')).toBe('4B71');
  expect(code('It is x 4 b 7 y')).toBe('x4b7y');
  expect(code('a b 4 8 2')).toBeNull();
});

test('words, amounts and one key to press are no code', () => {
  expect(code('Press 1 2 times. You pay 1 200 000')).toBeNull();
  expect(code('')).toBeNull();
});

test('the pieces make up the transcript again', () => {
  expect(spokenCode('It is 4 8 2 9 Goodbye.')).toEqual({
    ...{ before: 'It is ', shown: '4 8 2 9', after: ' Goodbye.' },
    code: '4829',
  });
});
