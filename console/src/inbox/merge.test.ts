import { expect, test } from 'vitest';
import type { Message } from '../api.ts';
import { merge } from './merge.ts';

const message = (id: string) => ({ id }) as Message;
const ids = (messages: readonly Message[]) => messages.map(({ id }) => id);

test('newest first, each once, however they came', () => {
  const listed = merge([], [message('3'), message('1')]);
  expect(ids(merge(listed, [message('2'), message('3')]))).toEqual(['3', '2', '1']);
});

test('the newest 200 are kept', () => {
  const many = Array.from({ length: 250 }, (_, i) => message(String(1000 + i)));
  const kept = merge(many, []);
  expect([kept.length, kept[0]?.id, kept.at(-1)?.id]).toEqual([200, '1249', '1050']);
});
