import { beforeAll, expect, it } from 'vitest';
import { numberFor, type TestAccount } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import { handsetAt } from '../service/handset.ts';
import { inboxOf } from '../service/inbox.ts';
import { checkLedger } from '../service/ledger.ts';
import {
  CODE,
  cancel,
  check,
  nextCall,
  nextMessage,
  show,
  started,
  type VerificationJson,
} from '../service/verification.ts';
import { nothingQueued } from './nothing-queued.ts';
import { onEachStore } from './on-each-store.ts';

/** Steps that come by themselves: each once, after its wait, unless the verification has ended; also when the node that began it dies. */

/** The shortest wait that is allowed, seconds. */
const WAIT = 10;
/** It is looked for due steps every half a second, and the machine may be busy. */
const LATE_MS = 5_000;

const workflow = [{ channel: 'sms' }, { channel: 'voice', wait: WAIT }, { channel: 'sms', wait: WAIT }];

onEachStore(2, (at) => {
  let account: TestAccount;
  let serial = 0;
  beforeAll(async () => {
    account = await at().account(100);
  });

  const ours = (i = 0) => ({ url: at().url(i), key: account.test });
  const e164 = (number: string) => `+977${number}`;
  const channels = ({ deliveries }: VerificationJson) => deliveries.map(({ channel }) => channel);

  /** Moves a verification's past back by so many seconds: a step that was to come then is due now. */
  const age = ({ id }: VerificationJson, seconds: number) =>
    at().sql(
      `UPDATE verifications SET last_sent_at = last_sent_at - ${seconds * 1000}, due_at = due_at - ${seconds * 1000}
       WHERE id = '${id.slice(4)}'`,
    );

  /** The next message or call at a number; fails when it does not come. */
  async function comes<T>(thing: Promise<T | null>): Promise<T> {
    const it = await thing;
    if (it === null) throw new Error('it did not come');
    return it;
  }

  it('an SMS, a call after its wait, another SMS after its own; none for those that ended meanwhile', async () => {
    const begin = () => {
      const to = numberFor(serial++);
      return started(ours(), { to, workflow });
    };
    // They are due before the one that is waited for.
    const [approved, canceled, expired] = [await begin(), await begin(), await begin()];
    const to = numberFor(serial++);
    const sentAt = performance.now();
    const running = await started(ours(), { to, workflow });
    const { id } = running;
    expect(running).toMatchObject({ status: 'pending', next_step_at: expect.stringMatching(/Z$/) });
    const first = await comes(nextMessage(ours(), to));
    expect(first.text).toContain(CODE);
    expect((await check(ours(1), approved.id, CODE)).body.status).toBe('approved');
    expect((await cancel(ours(1), canceled.id)).body.status).toBe('canceled');
    await at().sql(`UPDATE verifications SET expires_at = ${Date.now()} WHERE id = '${expired.id.slice(4)}'`);

    const call = await comes(nextCall(ours(), to));
    const waited = performance.now() - sentAt;
    expect(waited).toBeGreaterThan(WAIT * 1000);
    expect(waited).toBeLessThan(WAIT * 1000 + LATE_MS);
    const phone = handsetAt(ours().url, account.test, e164(to));
    expect(await phone.act('answer')).toBeLessThan(300);
    await phone.call(({ transcript }) => transcript.includes(Array.from(CODE).join(' ')));
    expect(await phone.act('hangup')).toBeLessThan(300);

    await age(running, WAIT);
    const second = await comes(nextMessage(ours(), to, first));
    expect(second.text).toContain(CODE);
    const done = await show(ours(), id);
    expect(channels(done)).toEqual(['sms', 'voice', 'sms']);
    expect(done).toMatchObject({ status: 'pending', next_step_at: null });
    expect(await nextCall(ours(), to, call, 0)).toBeNull();

    const ended = [approved, canceled, expired];
    for (const [i, status] of (['approved', 'canceled', 'expired'] as const).entries()) {
      const shown = await show(ours(), ended[i]?.id ?? '');
      expect([shown.status, channels(shown), shown.next_step_at]).toEqual([status, ['sms'], null]);
    }
    expect(await inboxOf(ours().url, account.test)).toHaveLength(5);
    expect((await check(ours(), id, CODE)).body.status).toBe('approved');
  });

  it('a message that cannot be delivered is followed by the next step at once, and the last by an end', async () => {
    const to = '9841230001';
    const begun = performance.now();
    const { id } = await started(ours(), { to, workflow: [{ channel: 'sms' }, { channel: 'voice', wait: 200 }] });
    const call = await comes(nextCall(ours(), to));
    expect(performance.now() - begun).toBeLessThan(WAIT * 1000);
    expect(call.state).toBe('ringing');
    expect(await handsetAt(ours().url, account.test, e164(to)).act('reject')).toBeLessThan(300);
    const ended = await eventually(
      () => show(ours(), id),
      ({ status }) => status !== 'pending',
    );
    expect([ended.status, channels(ended)]).toEqual(['undeliverable', ['sms', 'voice']]);
    expect((await check(ours(), id, CODE)).body.status).toBe('undeliverable');
  });

  it('kill -9 during the wait: the step comes all the same, once', async () => {
    const to = numberFor(serial++);
    const steps = [{ channel: 'sms' }, { channel: 'sms', wait: WAIT }];
    const verification = await started(ours(), { to, workflow: steps });
    const first = await comes(nextMessage(ours(), to));
    // A submit whose answer dies with its node would be made again, and look like the step.
    await eventually(
      () => show(ours(), verification.id),
      ({ deliveries }) => deliveries[0]?.state === 'delivered',
    );
    await at().kill9(0);
    // On PostgreSQL the other node does it; SQLite has no other, and does it after the next start.
    if (at().kind === 'sqlite') await at().revive(0);
    const second = await comes(nextMessage(ours(1), to, first));
    if (at().kind === 'postgres') await at().revive(0);
    const shown = await show(ours(), verification.id);
    expect(channels(shown)).toEqual(['sms', 'sms']);
    await nothingQueued(at());
    expect(await nextMessage(ours(), to, second, 0)).toBeNull();
  });

  it('kill -9 as steps fall due, on whichever node: each comes, and none is charged twice', async () => {
    const steps = [{ channel: 'sms' }, { channel: 'sms', wait: 100 }, { channel: 'sms', wait: 100 }];
    const all = await Promise.all(
      Array.from({ length: 60 }, (_, i) => started(ours(i), { to: numberFor(serial++), workflow: steps })),
    );
    for (const seconds of [100, 200]) {
      await Promise.all(all.map((one) => age(one, seconds)));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 600));
      await at().kill9(0);
      await at().revive(0);
      await eventually(
        () => Promise.all(all.map(({ id }, i) => show(ours(i), id))),
        (shown) => shown.every(({ deliveries }) => deliveries.length > seconds / 100),
        30_000,
      );
    }
    await nothingQueued(at());
    for (const { id } of all) expect(channels(await show(ours(), id))).toEqual(['sms', 'sms', 'sms']);
    await checkLedger(ours().url, account.test);
    const inbox = await inboxOf(ours().url, account.test);
    for (const { to } of all) {
      // A submit whose answer died with its node is made once more: it may have come to nothing.
      const arrived = inbox.filter((message) => message.to === to).length;
      expect(arrived).toBeGreaterThanOrEqual(3);
      expect(arrived).toBeLessThanOrEqual(6);
    }
  });
});
