import { beforeAll, expect, it } from 'vitest';
import { type Answer, numberFor, type TestAccount } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import { inboxOf } from '../service/inbox.ts';
import { checkLedger, ledger } from '../service/ledger.ts';
import {
  CODE,
  cancel,
  check,
  checkNumber,
  feedback,
  isReplay,
  resend,
  show,
  start,
  started,
  WRONG,
} from '../service/verification.ts';
import { nothingQueued } from './nothing-queued.ts';
import { onEachStore } from './on-each-store.ts';

/** One request under one `Idempotency-Key` has one effect, however often, wherever and with whatever crash between it is made. */

const TIMES = 30;

onEachStore(2, (at) => {
  let account: TestAccount;
  let serial = 0;
  beforeAll(async () => {
    account = await at().account();
  });

  const ours = (i = 0) => ({ url: at().url(i), key: account.test });
  const together = <T>(act: (i: number) => Promise<T>) => Promise.all(Array.from({ length: TIMES }, (_, i) => act(i)));
  const rowOf = ({ id }: { id: string }) => `WHERE id = '${id.slice(4)}'`;

  /** Of answers to one request: one did it, and each other was given that answer, or told to wait. */
  function expectOneEffect<Body>(answers: readonly Answer<Body>[], status: number): Body {
    const done = answers.filter((answer) => answer.status === status);
    for (const answer of answers) {
      if (answer.status === status) continue;
      expect([answer.status, (answer.body as { code?: string }).code]).toEqual([409, 'idempotency_in_flight']);
    }
    const [fresh, ...others] = done.filter((answer) => !isReplay(answer));
    expect(others).toEqual([]);
    if (fresh === undefined) throw new Error('nobody did it');
    for (const { body } of done) expect(body).toEqual(fresh.body);
    return fresh.body;
  }

  function expectMismatch({ status, body }: Answer): void {
    expect([status, (body as { code: string }).code]).toEqual([422, 'idempotency_mismatch']);
  }

  /** How many messages and holds there are, once nothing waits any more. */
  async function sent(): Promise<{ messages: number; holds: number }> {
    await nothingQueued(at());
    const holds = (await ledger(at().url(), account.test)).filter(({ kind }) => kind === 'hold').length;
    return { messages: (await inboxOf(at().url(), account.test)).length, holds };
  }

  it(`${TIMES} starts at once: one message, one hold, one answer`, async () => {
    const before = await sent();
    const to = numberFor(serial++);
    const made = expectOneEffect(await together((i) => start(ours(i), { to }, 'start-1')), 201);
    expect(await sent()).toEqual({ messages: before.messages + 1, holds: before.holds + 1 });
    for (const i of at().nodes.keys()) {
      const again = await start(ours(i), { to }, 'start-1');
      expect([again.status, isReplay(again), again.body]).toEqual([201, true, made]);
      expectMismatch(await start(ours(i), { to, max_attempts: 4 }, 'start-1'));
      expectMismatch(await start(ours(i), { to: numberFor(serial++) }, 'start-1'));
      expectMismatch(await start(ours(i), { to, code: WRONG }, 'start-1'));
    }
    // The key belongs to the account and the mode.
    const { test } = await at().account();
    expect((await start({ url: at().url(), key: test }, { to: '123' }, 'start-1')).status).toBe(422);
    expect((await start({ url: at().url(), key: test }, { to }, 'start-1')).body.id).not.toBe(made.id);
    expect(await sent()).toEqual({ messages: before.messages + 1, holds: before.holds + 1 });
    await checkLedger(at().url(), account.test);
  });

  it('a drawn code is the same for all of them, and no answer shows it', async () => {
    const to = numberFor(serial++);
    const answers = await together((i) => start(ours(i), { to, code_length: 10 }, 'drawn'));
    const made = expectOneEffect(answers, 201);
    const messages = await eventually(
      async () => (await inboxOf(at().url(), account.test)).filter((message) => message.to === `+977${to}`),
      (found) => found.length > 0,
    );
    expect(messages).toHaveLength(1);
    const [code = ''] = /\d{10}/.exec(messages[0]?.text ?? '') ?? [];
    expect(code).toHaveLength(10);
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain(code);
    expect((await check(ours(1), made.id, code)).body.status).toBe('approved');
  });

  it('a wrong check counts once, a right one is told again, and neither under another body', async () => {
    const to = numberFor(serial++);
    const { id } = await started(ours(), { to });
    const wrong = expectOneEffect(await together((i) => check(ours(i), id, WRONG, 'wrong-1')), 200);
    expect(wrong).toEqual({ id, status: 'pending', remaining_attempts: 4 });
    expect((await show(ours(1), id)).attempts.failed).toBe(1);
    expectMismatch(await check(ours(1), id, CODE, 'wrong-1'));
    expectMismatch(await checkNumber(ours(1), to, WRONG, 'wrong-1'));
    const byNumber = expectOneEffect(await together((i) => checkNumber(ours(i), to, WRONG, 'wrong-2')), 200);
    expect(byNumber).toEqual({ id, status: 'pending', remaining_attempts: 3 });

    const right = expectOneEffect(await together((i) => check(ours(i), id, CODE, 'right-1')), 200);
    expect(right).toEqual({ id, status: 'approved' });
    // Who asks anew has no code any more.
    expect((await check(ours(), id, CODE)).status).toBe(404);
    expect((await check(ours(), id, CODE, 'right-2')).status).toBe(404);
    // Answers of then, whatever has become of it.
    expect((await check(ours(1), id, WRONG, 'wrong-1')).body).toEqual(wrong);
    expect((await checkNumber(ours(1), to, WRONG, 'wrong-2')).body).toEqual(byNumber);
    expect((await show(ours(), id)).attempts.failed).toBe(2);
  });

  it('a resend sends once; cancel and feedback are told again', async () => {
    const verification = await started(ours(), { to: numberFor(serial++) });
    const { id } = verification;
    const before = await sent();
    expect((await resend(ours(), id, {}, 'resend-1')).status).toBe(429);
    await at().sql(`UPDATE verifications SET last_sent_at = last_sent_at - 30000 ${rowOf(verification)}`);
    // The refusal is not remembered.
    const again = expectOneEffect(await together((i) => resend(ours(i), id, {}, 'resend-1')), 200);
    expect(again.deliveries).toHaveLength(2);
    expect(await sent()).toEqual({ messages: before.messages + 1, holds: before.holds + 1 });
    expectMismatch(await resend(ours(1), id, { channel: 'voice' }, 'resend-1'));
    const word = expectOneEffect(await together((i) => feedback(ours(i), id, true, 'feedback-1')), 200);
    expect(word).toEqual({ id, status: 'pending', converted: true });
    expectMismatch(await feedback(ours(1), id, false, 'feedback-1'));
    const canceled = expectOneEffect(await together((i) => cancel(ours(i), id, 'cancel-1')), 200);
    expect(canceled).toEqual({ id, status: 'canceled' });
    expect((await resend(ours(1), id, {}, 'resend-1')).body).toEqual(again);
    await checkLedger(at().url(), account.test);
  });

  it('through kill -9: what was answered is answered again, and all is done once', async () => {
    const before = await sent();
    const numbers: string[] = [];
    const starts = new Map<string, Answer<{ id: string }>>();
    const checks = new Map<string, Answer<object>>();
    for (let kill = 0; kill < 3; kill++) {
      const enough = starts.size + 25;
      let killed: Promise<void> | undefined;
      const clients = Array.from({ length: 8 }, async (_, client) => {
        while (killed === undefined) {
          const to = numberFor(500_000 + numbers.length);
          numbers.push(to);
          // A connection breaks when its node dies: then nothing was promised.
          const made = await start(ours(client), { to }, `kill-${to}`).catch(() => null);
          if (made?.status !== 201) continue;
          starts.set(to, made);
          const wrong = await check(ours(client), made.body.id, WRONG, `check-${to}`).catch(() => null);
          if (wrong?.status === 200) checks.set(to, wrong);
          if (starts.size >= enough) killed ??= at().kill9(0);
        }
      });
      await Promise.all(clients);
      await killed;
      await at().revive(0);
    }

    for (const [i, to] of numbers.entries()) {
      const again = await start(ours(i), { to }, `kill-${to}`);
      expect(again.status).toBe(201);
      const first = starts.get(to);
      if (first !== undefined) expect([isReplay(again), again.body]).toEqual([true, first.body]);
      const wrong = await check(ours(i), again.body.id, WRONG, `check-${to}`);
      const earlier = checks.get(to);
      if (earlier !== undefined) expect([isReplay(wrong), wrong.body]).toEqual([true, earlier.body]);
      expect(wrong.body.remaining_attempts).toBe(4);
      expect((await show(ours(i), again.body.id)).attempts.failed).toBe(1);
    }
    const { messages, holds } = await sent();
    expect(holds - before.holds).toBe(numbers.length);
    const twice = messages - before.messages - numbers.length;
    // A submit whose answer died with its node may be made again; that is not charged.
    expect(twice).toBeGreaterThanOrEqual(0);
    expect(twice).toBeLessThanOrEqual(3 * 8);
    await checkLedger(at().url(), account.test);
  });
});
