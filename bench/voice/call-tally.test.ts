import { describe, expect, it } from 'vitest';
import { type LedgerEntry, type Told, tallyCalls } from './call-tally.ts';

const at = (second: number) => new Date(second * 1_000).toISOString();

function told(id: string, answered: number | null, finished: number, code = 10): Told {
  const times = { 'answered-on': answered === null ? null : at(answered), 'finished-on': at(finished) };
  return { 'call-id': id, 'started-on': at(0), ...times, result: { code } };
}

const entry = (kind: LedgerEntry['kind'], subject: string) => ({ kind, subject });

describe('the tally of calls', () => {
  it('counts those that finished, were charged, and were up together', () => {
    const calls = [told('a', 1, 5), told('b', 2, 6), told('c', 5, 9), told('d', null, 4, 9)];
    const ledger = ['a', 'b', 'c'].flatMap((id) => [entry('hold', id), entry('capture', id)]);
    const others = [entry('grant', 'x'), entry('hold', 'd'), entry('release', 'd'), entry('capture', 'of before')];
    expect(tallyCalls(calls, [...ledger, ...others])).toEqual({
      ...{ finished: 3, charged: 3, twice: 0, longestMs: 9_000 },
      // a is over when c is answered.
      peak: 2,
    });
  });

  it('sees what came twice, and counts it once', () => {
    const calls = [told('a', 1, 5), told('b', 2, 6), told('a', 1, 5)];
    const ledger = ['a', 'b', 'b', 'b'].map((id) => entry('capture', id));
    expect(tallyCalls(calls, ledger)).toMatchObject({ finished: 2, charged: 2, twice: 3, peak: 2 });
  });
});
