import { expect, test } from 'vitest';
import { portRange } from './port-range.ts';

test('gives the even ports of a range, each once', () => {
  const range = portRange({ first: 4001, last: 4007 });
  expect([range.take(), range.take(), range.take(), range.take()]).toEqual([4002, 4004, 4006, null]);
});

test('a port that came back rests until the others had their turn', () => {
  const range = portRange({ first: 4000, last: 4005 });
  const first = range.take() ?? 0;
  range.giveBack(first);
  expect([range.take(), range.take(), range.take(), range.take()]).toEqual([4002, 4004, 4000, null]);
});

test('a range without an even port gives none', () => {
  expect(portRange({ first: 4001, last: 4001 }).take()).toBeNull();
});

test('without a range the system chooses, any number of times', () => {
  const range = portRange('any');
  range.giveBack(0);
  expect([range.take(), range.take()]).toEqual([0, 0]);
});
