import { beforeAll, expect, it } from 'vitest';
import { type Answer, call, numberFor, type TestAccount } from '../service/api.ts';
import {
  type Caller,
  CODE,
  cancel,
  check,
  checkNumber,
  feedback,
  next,
  resend,
  show,
  started,
  WRONG,
} from '../service/verification.ts';
import { onEachStore } from './on-each-store.ts';

/** A code is bound to its verification, its account and its mode: asked for from anywhere else there is none, and nothing is counted. */

onEachStore(2, (at) => {
  let ours: TestAccount;
  let theirs: TestAccount;
  let serial = 0;
  beforeAll(async () => {
    [ours, theirs] = await Promise.all([at().account(), at().account()]);
  });

  const as = (key: string, i = 0): Caller => ({ url: at().url(i), key });

  /** Every operation on one verification. */
  const operations: ((caller: Caller, id: string) => Promise<Answer>)[] = [
    ({ url, key }, id) => call('GET', `${url}/v1/verifications/${id}`, { key }),
    (caller, id) => check(caller, id, CODE),
    (caller, id) => check(caller, id, WRONG),
    (caller, id) => resend(caller, id),
    next,
    cancel,
    (caller, id) => feedback(caller, id, true),
  ];

  function shape({ status, body }: Answer): unknown {
    const { request_id: _, ...rest } = body as Record<string, unknown>;
    return { status, ...rest };
  }

  /** All that a check could have changed. */
  async function counters(): Promise<unknown> {
    return [
      await at().sql('SELECT id, state, failures, sends, converted FROM verifications ORDER BY id'),
      await at().sql('SELECT account_id, subject, times FROM failures ORDER BY account_id, subject'),
    ];
  }

  it('another account, the other mode and an unknown id are answered alike, and count nothing', async () => {
    const to = numberFor(serial++);
    const { id } = await started(as(ours.test), { to });
    await check(as(ours.test), id, WRONG);
    const before = await counters();
    const unknown = `ver_${crypto.randomUUID().replace(/-4/, '-7')}`;
    for (const operation of operations) {
      const nobody = await operation(as(ours.test), unknown);
      expect(nobody.status).toBe(404);
      for (const [i, key] of [theirs.test, theirs.live, ours.live].entries()) {
        const foreign = await operation(as(key, i), id);
        expect(shape(foreign)).toEqual(shape(nobody));
        expect(foreign.headers.get('content-type')).toBe(nobody.headers.get('content-type'));
      }
    }
    for (const key of [theirs.test, theirs.live, ours.live]) {
      for (const code of [CODE, WRONG]) expect((await checkNumber(as(key), to, code)).status).toBe(404);
    }
    expect(await counters()).toEqual(before);
    expect((await check(as(ours.test), id, CODE)).body).toEqual({ id, status: 'approved' });
  });

  it('text that is no id, and the id in another spelling, are nobody’s', async () => {
    const { id } = await started(as(ours.test), { to: numberFor(serial++) });
    const before = await counters();
    const odd = [
      id.slice(4),
      `VER_${id.slice(4)}`,
      id.toUpperCase(),
      `${id}0`,
      id.replaceAll('-', ''),
      'ver_',
      'check',
    ];
    const escaped = ['%00', '..%2f..', `${id}%20`, "ver_'%20OR%20'1'='1"];
    for (const text of [...odd, ...escaped]) expect((await check(as(ours.test), text, CODE)).status, text).toBe(404);
    expect(await counters()).toEqual(before);
  });

  it('the code of one is wrong for another, of the same number too', async () => {
    const to = numberFor(serial++);
    const caller = as(ours.test);
    const one = await started(caller, { to, code: 'FIRST1' });
    const two = await started(caller, { to, code: 'SECOND2' });
    expect((await check(caller, two.id, 'FIRST1')).body).toMatchObject({ status: 'pending', remaining_attempts: 4 });
    expect((await check(caller, one.id, 'SECOND2')).body).toMatchObject({ status: 'pending', remaining_attempts: 4 });
    // By number, the newest that is pending.
    expect((await checkNumber(caller, to, 'FIRST1')).body).toMatchObject({ id: two.id, remaining_attempts: 3 });
    expect((await checkNumber(caller, to, 'SECOND2')).body).toEqual({ id: two.id, status: 'approved' });
    expect((await checkNumber(caller, to, 'FIRST1')).body).toEqual({ id: one.id, status: 'approved' });
    expect((await checkNumber(caller, to, 'FIRST1')).status).toBe(404);
    expect((await show(caller, one.id)).attempts.failed).toBe(1);
  });

  it('a code that lived until now has died at its expiry, for every operation but feedback', async () => {
    const caller = as(ours.test);
    const to = numberFor(serial++);
    const { id } = await started(caller, { to, ttl: 60 });
    const rowId = id.slice(4);
    await at().sql(`UPDATE verifications SET expires_at = ${Date.now()}, due_at = ${Date.now()} WHERE id = '${rowId}'`);
    const before = await at().sql(`SELECT failures, sends FROM verifications WHERE id = '${rowId}'`);
    for (const code of [CODE, WRONG]) {
      expect((await check(caller, id, code)).body).toEqual({ id, status: 'expired' });
    }
    expect((await checkNumber(caller, to, CODE)).status).toBe(404);
    for (const act of [resend, next, cancel]) {
      const refused = (await act(caller, id)) as Answer<object>;
      expect([refused.status, refused.body]).toEqual([409, expect.objectContaining({ code: 'verification_ended' })]);
    }
    expect((await feedback(caller, id, true)).body).toEqual({ id, status: 'expired', converted: true });
    expect(await at().sql(`SELECT failures, sends FROM verifications WHERE id = '${rowId}'`)).toEqual(before);
  });
});
