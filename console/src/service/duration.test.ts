import { expect, test } from 'vitest';
import { duration } from './duration.ts';

test('the two largest units are said, and no empty one', () => {
  expect(duration(0)).toBe('0 s');
  expect(duration(59.9)).toBe('59 s');
  expect(duration(60)).toBe('1 min');
  expect(duration(3_725)).toBe('1 h 2 min');
  expect(duration(3_605)).toBe('1 h');
  expect(duration(3 * 86_400 + 4 * 3_600 + 59)).toBe('3 d 4 h');
});
