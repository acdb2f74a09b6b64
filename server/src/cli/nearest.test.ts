import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const commands = ['serve', 'account', 'key', 'credits', 'carrier', 'send', 'messages'];

it.each([
  ['acount', 'account'],
  ['accuont', 'account'],
  ['cerrier', 'carrier'],
  ['message', 'messages'],
  ['kye', 'key'],
  ['sned', 'send'],
  ['start', null],
  ['x', null],
  ['', null],
  ['frobnicate', null],
])('%j was meant to be %j', (word, meant) => {
  expect(nearest(word, commands)).toBe(meant);
});
