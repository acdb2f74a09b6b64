import { expect, test } from 'vitest';
import { type Entry, idOf, merge } from './timeline.ts';

const message = (id: string) => ({ kind: 'message', message: { id: `msg_${id}` } }) as Entry;
const call = (id: string, state = 'ended', transcript = '') =>
  ({ kind: 'call', call: { id: `call_${id}`, state, transcript } }) as Entry;
const ids = (entries: readonly Entry[]) => entries.map(idOf);

test('messages and calls stand together, newest first, each once, however they came', () => {
  const listed = merge([], [message('4'), call('1')]);
  expect(ids(merge(listed, [call('2'), message('3'), message('4')]))).toEqual(['msg_4', 'msg_3', 'call_2', 'call_1']);
});

test('the newest 200 are kept, and what is under way', () => {
  const many = Array.from({ length: 250 }, (_, i) => message(String(1000 + i)));
  const kept = ids(merge([call('1001', 'answered'), call('1002'), ...many], []));
  expect([kept.length, kept[0], kept.at(-2), kept.at(-1)]).toEqual([201, 'msg_1249', 'msg_1050', 'call_1001']);
});

test('a call is shown as it was told last, but never as it was before', () => {
  const shown = merge([call('1', 'answered', 'Your')], [call('1', 'answered', 'Your code')]);
  expect(shown).toEqual([call('1', 'answered', 'Your code')]);
  expect(merge(shown, [call('1', 'ringing')])).toEqual(shown);
  const over = merge(shown, [call('1', 'ended', 'Your code is')]);
  expect(merge(over, [call('1', 'answered', 'Your code is 4')])).toEqual(over);
});
