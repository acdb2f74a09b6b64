import { expect, test } from 'vitest';
import { sipHeaders } from './sip-headers.ts';

const headers = sipHeaders([
  ['v', 'one'],
  ['To', 'you'],
  ['VIA', 'two'],
]);

test('names compare without regard to case and short forms', () => {
  expect(headers.get('Via')).toBe('one');
  expect(headers.all('via')).toEqual(['one', 'two']);
  expect(headers.get('t')).toBe('you');
  expect(headers.get('from')).toBeUndefined();
});

test('one value in place of all, at the place of the first', () => {
  expect(headers.with('Via', 'three').entries()).toEqual([
    ['Via', 'three'],
    ['To', 'you'],
  ]);
  expect(headers.with('From', 'me').entries().at(-1)).toEqual(['From', 'me']);
});

test('before all others, behind all others, and away; the first ones stay as they were', () => {
  expect(headers.prepend('Via', 'zero').all('v')).toEqual(['zero', 'one', 'two']);
  expect(headers.add('Via', 'three').all('v')).toEqual(['one', 'two', 'three']);
  expect(headers.without('via').entries()).toEqual([['To', 'you']]);
  expect(headers.entries()).toHaveLength(3);
});
