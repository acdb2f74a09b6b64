import { beforeAll, expect, it } from 'vitest';
import { type CountingSmsc, startCountingSmsc } from '../peers/counting-smsc.ts';
import { addCarrier, balance, numberFor, type TestAccount } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import { inboxOf } from '../service/inbox.ts';
import { checkLedger } from '../service/ledger.ts';
import {
  type Caller,
  check,
  isReplay,
  next,
  resend,
  show,
  start,
  started,
  type VerificationJson,
} from '../service/verification.ts';
import { onEachStore } from './on-each-store.ts';

/** Who can write to the database but has not the keys: a cell in another's place opens nothing, sends nothing and approves nothing. */

onEachStore(2, (at) => {
  let account: TestAccount;
  let serial = 0;
  beforeAll(async () => {
    account = await at().account(100);
  });

  const ours = (i = 0): Caller => ({ url: at().url(i), key: account.test });
  const rowId = ({ id }: { id: string }) => `'${id.slice(4)}'`;

  /** Exchanges a cell of two rows, each named by a condition. */
  async function exchange(table: string, column: string, rows: readonly [string, string]): Promise<void> {
    const read = (row: string) => at().sql(`SELECT ${column} AS cell FROM ${table} WHERE ${row}`);
    const [[one], [other]] = [await read(rows[0]), await read(rows[1])];
    expect(`${one?.['cell']}`).toMatch(/^[\w+/=.:-]{20,}$/);
    expect(other?.['cell']).not.toBe(one?.['cell']);
    await at().sql(`UPDATE ${table} SET ${column} = '${other?.['cell']}' WHERE ${rows[0]}`);
    await at().sql(`UPDATE ${table} SET ${column} = '${one?.['cell']}' WHERE ${rows[1]}`);
  }

  const rowsOf = (one: { id: string }, other: { id: string }) =>
    [`id = ${rowId(one)}`, `id = ${rowId(other)}`] as const;

  /** As if all was sent long enough ago to be sent again. */
  const age = (...ids: string[]) =>
    at().sql(`UPDATE verifications SET last_sent_at = last_sent_at - 120000 WHERE id IN (${ids.join()})`);

  async function settled(): Promise<number> {
    await eventually(
      () => balance(at().url(), account.test),
      ({ held }) => held === 0,
      30_000,
    );
    return (await inboxOf(at().url(), account.test)).length;
  }

  it.each(['content_sealed', 'number_sealed'])(
    '%s of another: nothing is sent again, by hand or by workflow',
    async (column) => {
      const workflow = [{ channel: 'sms' }, { channel: 'sms', wait: 100 }];
      const begin = () => started(ours(), { to: numberFor(serial++), workflow, code: `CODE${serial}` });
      const [one, other, control] = [await begin(), await begin(), await begin()];
      const before = await settled();
      await exchange('otps', column, rowsOf(one, other));
      await age(rowId(one), rowId(other), rowId(control));
      for (const [i, { id }] of [one, other].entries()) {
        const by = ours(i);
        const answers = [await resend(by, id), await resend(by, id, { channel: 'voice' }), await next(by, id)];
        for (const { status, body } of answers) {
          expect([status, body]).toEqual([409, expect.objectContaining({ code: 'conflict' })]);
        }
      }
      // The step of all three is due now; that of the third comes.
      const due = [one, other, control].map(rowId).join();
      await at().sql(`UPDATE verifications SET due_at = ${Date.now() - 1_000} WHERE id IN (${due})`);
      await eventually(
        () => show(ours(), control.id),
        ({ deliveries }) => deliveries.length === 2,
      );
      expect(await settled()).toBe(before + 1);
      for (const { id, to } of [one, other]) {
        const shown = await show(ours(), id);
        expect(shown.deliveries).toHaveLength(1);
        expect(shown.to).toBe(column === 'number_sealed' ? null : to);
      }
    },
  );

  it('the digest of a code, in the row of another: approves neither with its own nor with the other’s', async () => {
    const to = numberFor(serial++);
    const one = await started(ours(), { to, code: 'MINE01' });
    const other = await started(ours(), { to, code: 'YOURS2' });
    await exchange('verifications', 'code_digest', rowsOf(one, other));
    for (const { id } of [one, other]) {
      for (const code of ['MINE01', 'YOURS2']) expect((await check(ours(1), id, code)).body.status).toBe('pending');
    }
  });

  it('the stored answer of another request: is not shown', async () => {
    const bodies = [{ to: numberFor(serial++) }, { to: numberFor(serial++) }] as const;
    const [one, other] = [await start(ours(), bodies[0], 'swap-0'), await start(ours(), bodies[1], 'swap-1')];
    const row = (name: string) => `account_id = '${account.id}' AND key = 'test:${name}'`;
    await exchange('idempotency', 'answer_sealed', [row('swap-0'), row('swap-1')]);
    for (const [i, made] of [one, other].entries()) {
      const again = await start(ours(1), bodies[i] ?? bodies[0], `swap-${i}`);
      expect([isReplay(again), again.body.id, again.body.to]).toEqual([true, made.body.id, made.body.to]);
    }
  });

  it('what waits to be sent: after a restart a cell in another’s place goes to nobody', async () => {
    // Nobody listens there: what is accepted waits.
    const away: CountingSmsc = await startCountingSmsc();
    await away.close();
    await addCarrier(at().url(), at().admin, 'main', { port: away.port, binds: 1 });
    const live = { url: at().url(), key: account.live };
    const begin = async () => {
      const asked = { to: numberFor(serial++), code: `CODE${serial}` };
      return (
        await eventually(
          () => start(live, asked),
          ({ status }) => status === 201,
        )
      ).body;
    };
    const all: VerificationJson[] = [];
    for (let i = 0; i < 5; i++) all.push(await begin());
    const [contentA, contentB, numberless, againA, againB] = all as [
      VerificationJson,
      VerificationJson,
      VerificationJson,
      VerificationJson,
      VerificationJson,
    ];
    await age(rowId(againA), rowId(againB));
    const further = await Promise.all([resend(live, againA.id), resend(live, againB.id)]);
    const [deliveryA = '', deliveryB = ''] = further.map(({ body }) => `id = '${body.deliveries.at(-1)?.id.slice(4)}'`);
    expect(further.map(({ status }) => status)).toEqual([200, 200]);

    for (const i of at().nodes.keys()) await at().kill9(i);
    await exchange('otps', 'content_sealed', rowsOf(contentA, contentB));
    await exchange('deliveries', 'content_sealed', [deliveryA, deliveryB]);
    for (const i of at().nodes.keys()) await at().revive(i);
    const smsc = await startCountingSmsc();
    await addCarrier(at().url(), at().admin, 'main', { port: smsc.port, binds: 1 });
    const now = { url: at().url(), key: account.live };
    await eventually(
      () => balance(at().url(), account.live),
      ({ held }) => held === 0,
      60_000,
    );
    const arrived = Array.from(smsc.byNumber(), ([to, seen]) => [to, seen.length]);
    // Of the last two, what was sent first: that stands in a cell of its own.
    const whole = [numberless, againA, againB].map(({ to }) => [to?.slice(1), 1]);
    expect(arrived.sort()).toEqual(whole.sort());
    for (const { id } of [contentA, contentB]) {
      expect((await show(now, id)).deliveries).toMatchObject([{ state: 'failed', reason: 'content_lost' }]);
    }
    for (const { id } of [againA, againB]) {
      expect((await show(now, id)).deliveries).toMatchObject([
        { state: 'delivered' },
        { state: 'failed', reason: 'content_lost' },
      ]);
    }
    await checkLedger(at().url(), account.live);
    await smsc.close();
  });
});
