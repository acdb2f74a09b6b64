import { describe, expect, test } from 'vitest';
import { turnstile } from './turnstile.ts';

/** A job that runs until it is told how to end. */
function job() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let begun = false;
  return {
    run() {
      begun = true;
      return promise;
    },
    ...{ end: resolve, fail: reject, begun: () => begun },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a turnstile', () => {
  test('lets in as many as fit, the others in order, and refuses at the door when too many wait', async () => {
    const through = turnstile(2, 1);
    const [a, b, c, d] = [job(), job(), job(), job()];
    const ends = [through(a.run), through(b.run), through(c.run)];
    await expect(through(d.run)).rejects.toMatchObject({ code: 'unavailable', detail: { reason: 'overloaded' } });
    await turn();
    expect([a, b, c, d].map((one) => one.begun())).toEqual([true, true, false, false]);
    b.end('b');
    expect(await ends[1]).toBe('b');
    await turn();
    expect(c.begun()).toBe(true);
    a.end('a');
    c.end('c');
    expect(await Promise.all(ends)).toEqual(['a', 'b', 'c']);
  });

  test('a job that fails leaves its place', async () => {
    const through = turnstile(1, 5);
    const bad = job();
    const failed = through(bad.run);
    bad.fail(new Error('no'));
    await expect(failed).rejects.toThrow('no');
    expect(await through(async () => 'next')).toBe('next');
    expect(await through(async () => 'and the next')).toBe('and the next');
  });
});
