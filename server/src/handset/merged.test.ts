import { expect, test } from 'vitest';
import { merged } from './merged.ts';

/** A source that gives what it is handed, until `null`. */
function source<T>() {
  const given: (T | null)[] = [];
  let wake = () => {};
  async function* all(): AsyncGenerator<T> {
    for (;;) {
      const [item] = given.splice(0, 1);
      if (item === null) return;
      if (item !== undefined) yield item;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  return {
    all: all(),
    give(...items: (T | null)[]) {
      given.push(...items);
      wake();
    },
  };
}

test('what comes first is told first, whichever source it comes from', async () => {
  const [a, b] = [source<string>(), source<string>()];
  const both = merged(a.all, b.all);
  const next = async () => (await both.next()).value;
  const first = next();
  b.give('b1');
  expect(await first).toBe('b1');
  const second = next();
  a.give('a1', 'a2');
  expect(await second).toBe('a1');
  expect(await next()).toBe('a2');
});

test('one source that has ended leaves the others, and the end of all is the end', async () => {
  const [a, b] = [source<string>(), source<string>()];
  a.give('a1', null);
  b.give(null);
  const seen: string[] = [];
  for await (const item of merged(a.all, b.all)) seen.push(item);
  expect(seen).toEqual(['a1']);
});

test('a source that fails fails the whole', async () => {
  async function* broken(): AsyncGenerator<string> {
    yield 'one';
    throw new Error('the store is away');
  }
  const both = merged(broken(), source<string>().all);
  expect((await both.next()).value).toBe('one');
  await expect(both.next()).rejects.toThrow('the store is away');
});
