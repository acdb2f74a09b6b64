import { beforeAll, expect, it } from 'vitest';
import { type CountingSmsc, startCountingSmsc } from '../peers/counting-smsc.ts';
import { type Answer, addCarrier, numberFor, type TestAccount } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import { ledger } from '../service/ledger.ts';
import {
  type Caller,
  CODE,
  cancel,
  check,
  next,
  resend,
  show,
  start,
  started,
  WRONG,
} from '../service/verification.ts';
import { onEachStore } from './on-each-store.ts';

/** Failed checks count against a number, whatever they were given for: 20 in a day lock it for the account (NIST SP 800-63B-4 §3.2.2). */

const MOST = 20;
const DAY_S = 86_400;

onEachStore(2, (at) => {
  let account: TestAccount;
  let serial = 0;
  beforeAll(async () => {
    account = await at().account(100);
  });

  const as = ({ test }: TestAccount, i = 0): Caller => ({ url: at().url(i), key: test });

  /** Wrong checks, over all nodes in turn. */
  async function fail(caller: Caller, id: string, times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const { status, body } = await check({ ...caller, url: at().url(i) }, id, WRONG);
      expect([status, body.status]).toEqual([200, expect.stringMatching(/^(pending|max_attempts_reached)$/)]);
    }
  }

  /** `MOST` failures of a number, by as many verifications as that takes. */
  async function lock(caller: Caller, to: string, failures = MOST): Promise<void> {
    for (let left = failures; left > 0; left -= 10) {
      const { id } = await started(caller, { to, max_attempts: 10 });
      await fail(caller, id, Math.min(left, 10));
      if (left < 10) expect((await cancel(caller, id)).status).toBe(200);
    }
  }

  function expectLocked({ status, headers, body }: Answer): void {
    expect([status, (body as { code: string }).code]).toEqual([429, 'rate_limited']);
    const wait = Number(headers.get('retry-after'));
    expect(wait).toBeLessThanOrEqual(DAY_S);
    expect(wait).toBeGreaterThan(DAY_S - 120);
    expect(headers.get('ratelimit')).toBe(`"failures";r=0;t=${wait}`);
  }

  it('neither a resend, nor another channel, nor a new verification, nor kill -9 gives a number new chances', async () => {
    const ours = as(account);
    // A phone that rejects calls, and takes messages.
    const to = '9841230013';
    const workflow = [{ channel: 'sms' }, { channel: 'voice', wait: 200 }];
    const first = await started(ours, { to, workflow, max_attempts: 10 });
    await fail(ours, first.id, 3);
    expect((await resend(ours, first.id)).status).toBe(429);
    // As if it had been sent half a minute ago.
    await at().sql(`UPDATE verifications SET last_sent_at = last_sent_at - 30000 WHERE id = '${first.id.slice(4)}'`);
    const again = await resend(ours, first.id);
    expect([again.status, again.body.expires_at]).toEqual([200, first.expires_at]);
    expect(again.body.attempts).toEqual({ failed: 3, remaining: 7, max: 10 });
    await fail(ours, first.id, 3);
    const called = await next(ours, first.id);
    expect([called.status, called.body.expires_at]).toEqual([200, first.expires_at]);
    expect(called.body.attempts).toEqual({ failed: 6, remaining: 4, max: 10 });
    expect(called.body.deliveries.map(({ channel }) => channel)).toEqual(['sms', 'sms', 'voice']);
    await fail(ours, first.id, 3);
    expect((await show(ours, first.id)).attempts.remaining).toBe(1);
    expect((await cancel(ours, first.id)).status).toBe(200);

    await lock(ours, to, 10);
    await at().kill9(0);
    await at().revive(0);
    const last = await started(as(account), { to });
    await fail(as(account), last.id, 1);
    for (let i = 0; i < 2; i++) {
      expectLocked(await check(as(account, i), last.id, CODE));
      expectLocked(await start(as(account, i), { to }));
      expectLocked(await resend(as(account, i), last.id));
    }
    expect(await show(as(account), last.id)).toMatchObject({ status: 'pending', attempts: { failed: 1 } });
  });

  it('a locked number is refused 100 times at once, and nothing is looked at, sent or charged', async () => {
    const ours = as(account);
    const to = numberFor(serial++);
    const open = await started(ours, { to });
    await lock(ours, to);
    const before = await ledger(ours.url, ours.key);
    const codes = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? CODE : WRONG));
    for (const answer of await Promise.all(codes.map((code, i) => check(as(account, i), open.id, code)))) {
      expectLocked(answer);
    }
    for (const answer of await Promise.all(codes.map((_, i) => start(as(account, i), { to })))) expectLocked(answer);
    const after = (await ledger(ours.url, ours.key)).filter(({ kind }) => kind === 'hold');
    expect(after).toEqual(before.filter(({ kind }) => kind === 'hold'));
    expect(await show(ours, open.id)).toMatchObject({ status: 'pending', attempts: { failed: 0 } });
  });

  it('another number, another account and the other mode are not locked with it', async () => {
    const ours = as(account);
    const [to, other] = [numberFor(serial++), numberFor(serial++)];
    // The same failures of two numbers that take turns: neither counts for the other.
    await lock(ours, other, MOST - 1);
    await lock(ours, to);
    expectLocked(await start(ours, { to }));
    const { id } = await started(ours, { to: other });
    expect((await check(ours, id, CODE)).body).toMatchObject({ status: 'approved' });

    const theirs = as(await at().account());
    expect((await check(theirs, (await started(theirs, { to })).id, CODE)).body).toMatchObject({ status: 'approved' });

    const smsc: CountingSmsc = await startCountingSmsc();
    await addCarrier(at().url(), at().admin, 'main', { port: smsc.port, binds: 1 });
    const live = { url: at().url(), key: account.live };
    const made = await eventually(
      () => start(live, { to }),
      ({ status }) => status === 201,
    );
    expect((await check(live, made.body.id, CODE)).body).toMatchObject({ status: 'approved' });
    await smsc.close();
  });

  it('failures that are a day old are forgiven', async () => {
    const ours = as(account);
    const to = numberFor(serial++);
    await lock(ours, to);
    expectLocked(await start(ours, { to }));
    await at().sql(
      `UPDATE failures SET times = '[${Array(MOST).fill(Date.now() - DAY_S * 1000)}]'
       WHERE account_id = '${account.id}' AND times LIKE '[%,%'`,
    );
    expect((await start(ours, { to })).status).toBe(201);
  });
});
