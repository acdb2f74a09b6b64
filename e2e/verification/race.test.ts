import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberFor, type TestAccount } from '../service/api.ts';
import { CODE, check, show, started, WRONG } from '../service/verification.ts';
import { type NaiveTwin, naiveTwin } from './naive-twin.ts';
import { onEachStore } from './on-each-store.ts';
import { expectAllCounted, expectOneApproved, type Outcome, outcomeOf } from './outcomes.ts';

/** Checks of one verification at the same time: a code counts once, and as many wrong ones are looked at as are allowed. */

const RIGHT_AT_ONCE = 50;
const WRONG_AT_ONCE = 200;
const MOST = 5;

onEachStore(3, (at) => {
  let account: TestAccount;
  let serial = 0;
  beforeAll(async () => {
    account = await at().account();
  });

  const ours = (i = 0) => ({ url: at().url(i), key: account.test });
  const begin = () => started(ours(), { to: numberFor(serial++), max_attempts: MOST });
  const together = <T>(count: number, act: (i: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, i) => act(i)));

  /** The wrong checks that were counted against a number, and not against its verification alone. */
  async function countedFailures(): Promise<number> {
    const rows = await at().sql(`SELECT times FROM failures WHERE account_id = '${account.id}'`);
    return rows.reduce((sum, { times }) => sum + (JSON.parse(`${times}`) as number[]).length, 0);
  }

  it(`${RIGHT_AT_ONCE} right ones: exactly one is approved`, async () => {
    const { id } = await begin();
    const answers = await together(RIGHT_AT_ONCE, (i) => check(ours(i), id, CODE));
    expectOneApproved(answers.map(outcomeOf));
    expect(await show(ours(), id)).toMatchObject({ status: 'approved', attempts: { failed: 0 } });
  });

  it(`${WRONG_AT_ONCE} wrong ones: exactly ${MOST} are counted, and the right one comes too late`, async () => {
    const before = await countedFailures();
    const { id } = await begin();
    const answers = await together(WRONG_AT_ONCE, (i) => check(ours(i), id, WRONG));
    expectAllCounted(answers.map(outcomeOf), MOST);
    expect(await countedFailures()).toBe(before + MOST);
    const { attempts, status } = await show(ours(), id);
    expect([status, attempts]).toEqual(['max_attempts_reached', { failed: MOST, remaining: 0, max: MOST }]);
    for (const node of at().nodes.keys()) {
      const late = await check(ours(node), id, CODE);
      expect([late.status, late.body.status]).toEqual([200, 'max_attempts_reached']);
    }
    expect(await countedFailures()).toBe(before + MOST);
  });

  it('right ones among wrong ones: one is approved, unless as many wrong ones came first', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await begin();
      const answers = await together(60, (i) => check(ours(i), id, i % 4 === 3 ? CODE : `${WRONG}${i % 10}`));
      const outcomes = answers.map(outcomeOf);
      const counted = outcomes.filter((outcome) => outcome.endsWith('left'));
      expect(new Set(counted).size).toBe(counted.length);
      const { status, attempts } = await show(ours(), id);
      expect(outcomes.filter((outcome) => outcome === 'approved')).toHaveLength(status === 'approved' ? 1 : 0);
      expect(attempts.failed).toBe(status === 'approved' ? counted.length : MOST);
    }
  });

  describe('the naive twin, on the same tables', () => {
    let twin: NaiveTwin;
    beforeAll(() => {
      twin = naiveTwin(at());
    });
    afterAll(() => twin.close());

    async function adopted(): Promise<string> {
      const { id } = await begin();
      await twin.adopt(id, CODE);
      return id;
    }
    const alone = async (codes: readonly string[]) => {
      const id = await adopted();
      const outcomes: Outcome[] = [];
      for (const code of codes) outcomes.push(await twin.check(id, code));
      return outcomes;
    };

    it('passes while checks come one at a time', async () => {
      expectOneApproved(await alone(Array(3).fill(CODE)));
      expectAllCounted(await alone(Array(MOST + 3).fill(WRONG)), MOST);
      expect(await alone([WRONG, CODE])).toEqual([`${MOST - 1} left`, 'approved']);
    });

    it('approves one code many times, and lets more be guessed than are allowed', async () => {
      const one = await adopted();
      const approved = await together(RIGHT_AT_ONCE, () => twin.check(one, CODE));
      expect(() => expectOneApproved(approved)).toThrow();
      expect(approved.filter((outcome) => outcome === 'approved').length).toBeGreaterThan(1);

      const other = await adopted();
      const guesses = await together(WRONG_AT_ONCE, () => twin.check(other, WRONG));
      expect(() => expectAllCounted(guesses, MOST)).toThrow();
      expect(guesses.filter((outcome) => outcome.endsWith('left')).length).toBeGreaterThan(MOST);
      expect(await twin.check(other, CODE)).toBe('approved');
    });
  });
});
