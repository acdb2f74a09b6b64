import { expect, test } from 'vitest';
import { ManualClock } from '../../../values/manual-clock.ts';
import { Window } from './window.ts';

function window(lastSequence = 0) {
  const clock = new ManualClock();
  const told: string[] = [];
  const one = new Window(clock, 10_000, (count) => told.push(`timeout ${count}`), lastSequence);
  const reply = (name: string) => ({
    answered: (status: number, id: string | null) => told.push(`${name} ${status} ${id}`),
    lost: (written: boolean) => told.push(`${name} ${written ? 'in doubt' : 'not sent'}`),
  });
  return { clock, told, one, open: (name: string, command = 4) => one.open(command, reply(name)) };
}

test('an answer finds its request, once', () => {
  const { one, open, told } = window();
  const [a, b] = [open('a'), open('b')];
  one.take(b, 4)?.answered(0, 'id');
  expect(told).toEqual(['b 0 id']);
  expect(one.take(b, 4)).toBe(null);
  expect(one.take(99, 4)).toBe(null);
  expect(one.take(a, 0x15)).toBe(null);
  expect(one.size).toBe(1);
  expect(one.take(a, null)).not.toBe(null);
});

test('each request has its own time, and is given up after it', () => {
  const { clock, one, open, told } = window();
  open('a');
  clock.advance(4_000);
  const b = open('b');
  open('c');
  one.flushed();
  clock.advance(5_999);
  expect(told).toEqual([]);
  clock.advance(1);
  expect(told).toEqual(['a in doubt', 'timeout 1']);
  one.take(b, 4);
  clock.advance(4_000);
  expect(told.slice(2)).toEqual(['c in doubt', 'timeout 1']);
  open('d');
  clock.advance(10_000);
  expect(told.at(-2)).toBe('d not sent');
});

test('when the session ends, what was written is in doubt, the rest was not sent', () => {
  const { clock, one, open, told } = window();
  open('a');
  one.flushed();
  open('b');
  one.abandon();
  expect(told).toEqual(['a in doubt', 'b not sent']);
  clock.advance(60_000);
  expect(told).toHaveLength(2);
});

test('sequence numbers run over, past those still open', () => {
  const { open } = window(0x7ffffffd);
  expect([open('a'), open('b'), open('c')]).toEqual([0x7ffffffe, 0x7fffffff, 1]);
});
