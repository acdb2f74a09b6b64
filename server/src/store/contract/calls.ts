import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import type { CallDraft, CallRecord } from '../../rules/call-record.ts';
import type { Outcome } from '../../rules/outcome.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, request } from './samples.ts';

const HOUR_MS = 3_600_000;
const DRAFT: CallDraft = {
  caller: '+9779801000000',
  anonymous: false,
  instructionId: 'ours-1',
  spokenMs: 12_340,
  callbackSealed: 'sealed url',
  warnings: ['There is no voice "en-EN".'],
};
const ANSWERED: CallRecord = {
  ...{ ringingAt: NOW + 1, answeredAt: NOW + 2, endedAt: null, outcome: null },
  ...{ sipStatus: null, sipReason: '', cause: null, replays: 0 },
};
const ENDED: CallRecord = { ...ANSWERED, endedAt: NOW + 9, outcome: 'completed', cause: 16, replays: 1 };

export function callContract(open: OpenRig): void {
  describe('calls', () => {
    const rig = useRig(open);

    async function accepted(over: Partial<AcceptRequest> = {}, node = 'me'): Promise<AcceptRequest> {
      const { id } = over.accountId === undefined ? await rig.account(0, 10) : { id: over.accountId };
      const one = request(id, {
        channel: 'voice',
        pool: 'voice',
        segments: 0,
        credits: 2,
        call: DRAFT,
        callback: true,
        ...over,
      });
      const [verdict] = await rig.store.accept([one], node, NOW);
      expect(verdict).toMatchObject({ accepted: true });
      return one;
    }

    const answered = ({ accountId, deliveryId }: AcceptRequest, node = 'me'): Outcome => ({
      ...{ accountId, deliveryId, node, at: NOW + 2, call: ANSWERED },
      attempt: { n: 1, carrier: 'trunk', parts: [{ part: 1, outcome: 'accepted', code: null, messageId: null }] },
      next: { kind: 'in_call', until: NOW + HOUR_MS },
    });
    const ended = ({ accountId, deliveryId }: AcceptRequest, node = 'me'): Outcome => ({
      ...{ accountId, deliveryId, node, at: NOW + 9, call: ENDED, attempt: null },
      next: { kind: 'final', state: 'delivered', reason: null },
    });
    const voice = async (accountId: string) => (await rig.store.credits.balances(accountId)).voice;

    it('are kept with what they were asked for, then with what became of them', async () => {
      const one = await accepted();
      expect(await rig.store.calls.get(one.accountId, one.deliveryId)).toMatchObject({
        ...DRAFT,
        ...{ id: one.deliveryId, otpId: one.otpId, state: 'queued', credits: 2, outcome: null, trunk: null },
      });
      await rig.store.settle([answered(one)], [], 'me', NOW);
      expect(await rig.store.calls.get(one.accountId, one.deliveryId)).toMatchObject({
        ...ANSWERED,
        ...{ state: 'submitted', trunk: 'trunk' },
      });
      expect(await voice(one.accountId)).toEqual({ granted: 10, held: 2, captured: 0 });
      await rig.store.settle([ended(one)], [], 'me', NOW);
      expect(await rig.store.calls.get(one.accountId, one.deliveryId)).toMatchObject({ ...ENDED, state: 'delivered' });
      expect(await voice(one.accountId)).toEqual({ granted: 10, held: 0, captured: 2 });
    });

    it('stand as they were told last, also within one commit', async () => {
      const one = await accepted();
      await rig.store.settle([answered(one), ended(one)], [], 'me', NOW);
      expect(await rig.store.calls.get(one.accountId, one.deliveryId)).toMatchObject({ ...ENDED, state: 'delivered' });
    });

    it('are listed newest first, by time, mode and dialect, and counted', async () => {
      const { id } = await rig.account(0, 10);
      const many = [];
      for (let i = 0; i < 5; i += 1) {
        many.push(await accepted({ accountId: id, createdAt: NOW + i, mode: i === 4 ? 'test' : 'live', credits: 0 }));
      }
      await accepted();
      const [a, b, c, d] = many.map((one) => one.deliveryId);
      const idsOf = async (rows: Promise<readonly { readonly id: string }[]>) => (await rows).map((row) => row.id);
      const window = { mode: 'live', createdAfter: NOW + 1, createdBefore: NOW + 4 } as const;
      expect(await idsOf(rig.store.calls.page(id, window, 2, 0))).toEqual([d, c]);
      expect(await idsOf(rig.store.calls.page(id, window, 2, 2))).toEqual([b]);
      expect(await rig.store.calls.count(id, window)).toBe(3);
      expect(await rig.store.calls.count(id, { dialect: 'cm' })).toBe(0);
      expect(await idsOf(rig.store.calls.after(id, { mode: 'live' }, 10, b ?? null))).toEqual([a]);
      expect(await idsOf(rig.store.calls.after(id, {}, 1, null))).toEqual([many[4]?.deliveryId]);
      expect(await idsOf(rig.store.calls.after(id, {}, 10, newId()))).toEqual([]);
    });

    it('whose node stopped in the middle are ended, and not charged; those of a living node go on', async () => {
      const [living, dead] = [newId(), newId()];
      await rig.store.nodes.beat(living, HOUR_MS);
      await rig.store.nodes.beat(dead, HOUR_MS);
      const [mine, lost] = [await accepted({}, living), await accepted({}, dead)];
      await rig.store.settle([answered(mine, living), answered(lost, dead)], [], living, NOW);
      await rig.store.nodes.leave(dead);
      expect(await rig.store.closeOverdue(NOW, 100)).toBe(1);
      expect(await rig.store.calls.get(lost.accountId, lost.deliveryId)).toMatchObject({
        ...{ state: 'failed', reason: 'node_lost', answeredAt: NOW + 2, finalAt: NOW },
      });
      expect(await voice(lost.accountId)).toEqual({ granted: 10, held: 0, captured: 0 });
      expect(await rig.store.calls.get(mine.accountId, mine.deliveryId)).toMatchObject({ state: 'submitted' });
      // The node was only slow: what it says now comes too late.
      expect(await rig.store.settle([ended(lost, dead)], [], dead, NOW)).toEqual([{ kind: 'stale' }]);
      await rig.store.settle([ended(mine, living)], [], living, NOW);
      await rig.store.nodes.leave(living);
    });
  });

  describe('callbacks', () => {
    const rig = useRig(open);
    const me = newId();
    const janitor = newId();

    async function finished(count = 1, node: string | null = me) {
      const { id } = await rig.account();
      const batch = Array.from({ length: count }, () => request(id, { callback: true }));
      await rig.store.accept(batch, 'sender', NOW);
      const outcomes = batch.map(({ accountId, deliveryId }): Outcome => {
        const next = { kind: 'final', state: 'failed', reason: 'carrier_refused' } as const;
        return { accountId, deliveryId, node: 'sender', at: NOW, attempt: null, next };
      });
      const verdicts = await rig.store.settle(outcomes, [], node, NOW);
      return { batch, due: verdicts.flatMap((verdict) => (verdict.kind === 'applied' && verdict.callback) || []) };
    }

    // What a test leaves behind goes to a node that lives on: no other test meets it.
    beforeEach(async () => {
      await rig.store.nodes.beat(janitor, 1000 * HOUR_MS);
    });
    afterEach(async () => {
      await rig.store.nodes.leave(me);
      while ((await rig.store.callbacks.claim(janitor, NOW + 100 * HOUR_MS, 1000)).length > 0);
    });

    it('are due from the commit that ended the delivery on, and are the writing node’s', async () => {
      await rig.store.nodes.beat(me, HOUR_MS);
      const { batch, due } = await finished(2);
      expect(due).toEqual(
        batch.map(({ accountId, deliveryId }) => ({
          ...{ accountId, subjectId: deliveryId, id: `${deliveryId}.failed`, event: 'message.failed', createdAt: NOW },
        })),
      );
      expect(await rig.store.callbacks.claim(janitor, NOW + 1, 10)).toEqual([]);
      await rig.store.nodes.leave(me);
      const claimed = await rig.store.callbacks.claim(janitor, NOW, 10);
      expect(claimed.map((one) => one.id).sort()).toEqual(due.map((one) => one.id).sort());
      expect(claimed[0]).toMatchObject({ event: 'message.failed', attempts: 0, createdAt: NOW });
    });

    it('are owed by nobody who was not asked for them', async () => {
      const { id } = await rig.account();
      const one = request(id);
      await rig.store.accept([one], 'sender', NOW);
      const { accountId, deliveryId } = one;
      const next = { kind: 'final', state: 'sent', reason: null } as const;
      const outcome = { accountId, deliveryId, node: 'sender', at: NOW, attempt: null, next };
      expect(await rig.store.settle([outcome], [], null, NOW)).toEqual([{ kind: 'applied', state: 'sent' }]);
      expect(await rig.store.callbacks.claim(janitor, NOW + HOUR_MS, 10)).toEqual([]);
    });

    it('that failed are tried again by whoever claims them then; what ended is told no more', async () => {
      await rig.store.nodes.beat(me, HOUR_MS);
      const { due } = await finished(3);
      const result = (i: number, next: Parameters<typeof rig.store.callbacks.settle>[0][number]['next'], node = me) => {
        const { accountId = '', id = '' } = due[i] ?? {};
        return { accountId, id, node, receiver: null, attempts: 1, status: 500, next };
      };
      await rig.store.callbacks.settle(
        [
          result(0, { kind: 'retry', dueAt: NOW + 5000 }),
          result(1, { kind: 'delivered' }),
          // Another node's word does not count.
          result(2, { kind: 'delivered' }, janitor),
        ],
        NOW,
      );
      expect(await rig.store.callbacks.claim(janitor, NOW + 4999, 10)).toEqual([]);
      expect(await rig.store.callbacks.claim(janitor, NOW + 5000, 10)).toMatchObject([{ id: due[0]?.id, attempts: 1 }]);
      await rig.store.nodes.leave(me);
      expect(await rig.store.callbacks.claim(janitor, NOW, 10)).toMatchObject([{ id: due[2]?.id, attempts: 0 }]);
    });

    it('go to one of many claimants', async () => {
      const { due } = await finished(60, null);
      const peer = await rig.peer();
      const claimants = Array.from({ length: 6 }, newId);
      for (const node of claimants) await rig.store.nodes.beat(node, HOUR_MS);
      const claims = await Promise.all(
        claimants.map((node, i) => (i % 2 ? peer : rig.store).callbacks.claim(node, NOW, 20)),
      );
      claims.push(await rig.store.callbacks.claim(janitor, NOW, 100));
      expect(
        claims
          .flat()
          .map((one) => one.id)
          .sort(),
      ).toEqual(due.map((one) => one.id).sort());
      for (const node of claimants) await rig.store.nodes.leave(node);
    });

    it('tell of their messages, and are swept once they have ended', async () => {
      await rig.store.nodes.beat(me, HOUR_MS);
      const { batch, due } = await finished(2);
      const [one] = batch;
      const unknown = { accountId: one?.accountId ?? '', subjectId: newId() };
      const facts = await rig.store.callbacks.messages([...due, unknown]);
      expect(facts).toHaveLength(2);
      expect(facts.find((fact) => fact.deliveryId === one?.deliveryId)).toMatchObject({
        ...{ otpId: one?.otpId, numberSealed: 'sealed number', reason: 'carrier_refused', finalAt: NOW, segments: 1 },
      });
      const { accountId = '', id = '' } = due[0] ?? {};
      await rig.store.callbacks.settle(
        [{ accountId, id, node: me, receiver: 'own', attempts: 1, status: 200, next: { kind: 'delivered' } }],
        NOW,
      );
      while ((await rig.store.callbacks.sweep(NOW, 100)) > 0);
      expect(await rig.store.callbacks.sweep(NOW + 60_000, 100)).toBeGreaterThanOrEqual(1);
      expect(await rig.store.callbacks.sweep(NOW + 60_000, 100)).toBe(0);
      await rig.store.nodes.leave(me);
      expect(await rig.store.callbacks.claim(janitor, NOW, 10)).toMatchObject([{ id: due[1]?.id }]);
    });
  });
}
