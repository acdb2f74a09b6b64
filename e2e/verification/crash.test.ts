import { beforeAll, expect, it } from 'vitest';
import { type Answer, numberFor, type TestAccount } from '../service/api.ts';
import { type CheckedJson, CODE, check, show, started, type VerificationJson, WRONG } from '../service/verification.ts';
import { onEachStore } from './on-each-store.ts';

/** kill -9 takes back no failed check and no approval: no answer leaves before the commit that it tells of. */

const MOST = 5;
/** How often a storm is killed. For the full proof: `E2E_KILLS=50 npx vitest run e2e/verification/crash.test.ts`. */
const KILLS = Number(process.env['E2E_KILLS'] ?? 3);

const randomMoment = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 12));

onEachStore(2, (at) => {
  let account: TestAccount;
  let serial = 0;
  beforeAll(async () => {
    account = await at().account();
  });

  const ours = (i = 0) => ({ url: at().url(i), key: account.test });
  const begin = () => started(ours(), { to: numberFor(serial++), max_attempts: MOST });

  /** Checks `codes` at once, all nodes in turn, and kills one among them; the answers that came. */
  async function storm({ id }: VerificationJson, codes: readonly string[]): Promise<Answer<CheckedJson>[]> {
    const checks = codes.map((code, i) => check(ours(i), id, code).catch(() => null));
    await randomMoment();
    await at().kill9(0);
    const answers = await Promise.all(checks);
    await at().revive(0);
    // A node that is left may find its neighbour's locks for a moment.
    return answers.filter((answer) => answer !== null && answer.status !== 503) as Answer<CheckedJson>[];
  }

  it('between attempts: the count stands', async () => {
    const { id } = await begin();
    for (const left of [4, 3, 2, 1]) {
      expect((await check(ours(), id, WRONG)).body).toEqual({ id, status: 'pending', remaining_attempts: left });
      await at().kill9(0);
      await at().revive(0);
      expect((await show(ours(left), id)).attempts).toEqual({ failed: MOST - left, remaining: left, max: MOST });
    }
    for (const code of [WRONG, CODE]) {
      expect((await check(ours(1), id, code)).body).toEqual({ id, status: 'max_attempts_reached' });
    }
  });

  it(`in a storm of wrong checks, ${KILLS} times: never more than ${MOST} are looked at`, async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const verification = await begin();
      const { id } = verification;
      const answers = await storm(verification, Array(80).fill(WRONG));
      const left = answers.flatMap(({ body }) => body.remaining_attempts ?? []);
      expect(new Set(left).size).toBe(left.length);
      const { failed } = (await show(ours(), id)).attempts;
      expect(failed).toBeGreaterThanOrEqual(MOST - Math.min(MOST, ...left));
      for (let more = failed + 1; more < MOST; more++) {
        expect((await check(ours(more), id, WRONG)).body.remaining_attempts).toBe(MOST - more);
      }
      for (const code of [WRONG, CODE]) {
        expect((await check(ours(), id, code)).body).toEqual({ id, status: 'max_attempts_reached' });
      }
      expect((await show(ours(), id)).attempts.failed).toBe(MOST);
    }
  });

  it(`in a storm of right checks, ${KILLS} times: never more than one is approved`, async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const verification = await begin();
      const { id } = verification;
      const answers = await storm(verification, Array(80).fill(CODE));
      const { status } = await show(ours(), id);
      const approved = answers.filter(({ body }) => body.status === 'approved').length;
      // One that nobody was told of is used up all the same.
      expect(approved).toBeLessThanOrEqual(status === 'approved' ? 1 : 0);
      const late = await check(ours(), id, CODE);
      expect([late.status, late.body.status]).toEqual(status === 'approved' ? [404, 404] : [200, 'approved']);
      expect((await check(ours(1), id, CODE)).status).toBe(404);
    }
  });
});
