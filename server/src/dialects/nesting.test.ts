import { expect, it } from 'vitest';
import { isDeeper, MAX_DEPTH } from './nesting.ts';

const nested = (levels: number, open = '[', close = ']') =>
  JSON.parse(`${open.repeat(levels)}${open === '[' ? '' : '1'}${close.repeat(levels)}`);

it('lets the last level allowed through, and not one more', () => {
  expect(isDeeper(nested(MAX_DEPTH))).toBe(false);
  expect(isDeeper(nested(MAX_DEPTH + 1))).toBe(true);
  expect(isDeeper(nested(MAX_DEPTH, '{"a":', '}'))).toBe(false);
  expect(isDeeper(nested(MAX_DEPTH + 1, '{"a":', '}'))).toBe(true);
});

it('finds depth in a later field, and none in a wide body', () => {
  expect(isDeeper({ a: 1, b: [2], c: nested(MAX_DEPTH) })).toBe(true);
  expect(isDeeper(Array.from({ length: 10_000 }, () => ({ a: null })))).toBe(false);
});

it('has an end itself, however deep the body', () => {
  expect(isDeeper(nested(30_000))).toBe(true);
});

it.each([undefined, null, 1, 'text', true])('takes %j for flat', (value) => {
  expect(isDeeper(value)).toBe(false);
});
