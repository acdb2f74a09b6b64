import { describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import type { Outcome, Receipt } from '../../rules/outcome.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, outcome, receipt, request } from './samples.ts';

export function settleContract(open: OpenRig): void {
  describe('settle', () => {
    const rig = useRig(open);
    const settle = (outcomes: readonly Outcome[], receipts: readonly Receipt[] = [], now = NOW) =>
      rig.store.settle(outcomes, receipts, 'me', now);
    const deliveryOf = async ({ accountId, otpId }: AcceptRequest) =>
      (await rig.store.otps.get(accountId, otpId))?.delivery;

    async function accepted(over: Partial<AcceptRequest> = {}): Promise<AcceptRequest> {
      const { id } = await rig.account(10);
      const one = request(id, over);
      await rig.store.accept([one], 'me', NOW);
      return one;
    }

    /** The ledger of the account: what its rows add up to, which must be what its balance says. */
    async function ledger({ accountId }: AcceptRequest) {
      const { openHolds, ...sums } = (await rig.store.credits.sums(accountId)).sms;
      expect((await rig.store.credits.balances(accountId)).sms).toEqual(sums);
      return { ...sums, openHolds };
    }

    it('waits for a receipt, then captures the hold', async () => {
      const one = await accepted({ credits: 2 });
      const id = newId();
      expect(await settle([outcome(one, 'me', [id])])).toEqual([{ kind: 'applied', state: 'submitted' }]);
      expect(await deliveryOf(one)).toMatchObject({
        state: 'submitted',
        carrier: 'c',
        submittedAt: NOW,
        finalAt: null,
      });
      expect(await ledger(one)).toEqual({ granted: 10, held: 2, captured: 0, openHolds: 1 });

      expect(await settle([], [receipt(id)], NOW + 2000)).toEqual([{ kind: 'applied', state: 'delivered' }]);
      expect(await deliveryOf(one)).toMatchObject({ state: 'delivered', submittedAt: NOW, finalAt: NOW + 2000 });
      expect(await ledger(one)).toEqual({ granted: 10, held: 0, captured: 2, openHolds: 0 });
      expect(await rig.store.otps.attempts(one.accountId, one.deliveryId)).toEqual([
        {
          n: 1,
          part: 1,
          carrier: 'c',
          outcome: 'accepted',
          code: 0,
          at: NOW,
          receipt: 'delivered',
          receiptCode: '000',
          receiptAt: NOW + 1000,
        },
      ]);
    });

    it('releases the hold when nothing went out', async () => {
      const one = await accepted();
      const next = { kind: 'final', state: 'failed', reason: 'carrier_refused' } as const;
      await settle([outcome(one, 'me', [null], next)]);
      expect(await deliveryOf(one)).toMatchObject({ state: 'failed', reason: 'carrier_refused', finalAt: NOW });
      expect(await ledger(one)).toEqual({ granted: 10, held: 0, captured: 0, openHolds: 0 });
      const entries = await rig.store.credits.list(one.accountId, 1, null);
      expect(entries.map(({ kind, subject }) => [kind, subject])).toEqual([
        ['hold', one.deliveryId],
        ['release', one.deliveryId],
      ]);
    });

    it('keeps the tries of a delivery in order, each part a row', async () => {
      const one = await accepted();
      await settle([outcome(one, 'me', [null, null], { kind: 'retry', dueAt: NOW + 2000 })]);
      expect(await deliveryOf(one)).toMatchObject({ state: 'queued', carrier: 'c' });
      await settle([outcome(one, 'me', [newId(), newId()], undefined, 2)]);
      const rows = await rig.store.otps.attempts(one.accountId, one.deliveryId);
      expect(rows.map(({ n, part }) => [n, part])).toEqual([
        [1, 1],
        [1, 2],
        [2, 1],
        [2, 2],
      ]);
    });

    it('is fenced: another node, an ended delivery and a foreign account change nothing', async () => {
      const one = await accepted();
      const foreign = { ...one, accountId: (await rig.account()).id };
      const before = await ledger(one);
      expect(await settle([outcome(one, 'other', [newId()]), outcome(foreign, 'me', [newId()])])).toEqual([
        { kind: 'stale' },
        { kind: 'stale' },
      ]);
      expect(await ledger(one)).toEqual(before);
      await settle([outcome(one, 'me', [null], { kind: 'final', state: 'failed', reason: 'carrier_refused' })]);
      expect(await settle([outcome(one, 'me', [newId()], undefined, 2)])).toEqual([{ kind: 'stale' }]);
      expect((await ledger(one)).captured).toBe(0);
    });

    it('takes an outcome again that was reported again after a commit of unknown fate', async () => {
      const one = await accepted();
      const retry = outcome(one, 'me', [null], { kind: 'retry', dueAt: NOW + 2000 });
      await settle([retry]);
      await settle([retry]);
      const id = newId();
      const submit = outcome(one, 'me', [id], undefined, 2);
      await settle([submit]);
      expect(await settle([submit])).toEqual([{ kind: 'stale' }]);
      expect(await rig.store.otps.attempts(one.accountId, one.deliveryId)).toHaveLength(2);
      expect(await settle([], [receipt(id)])).toEqual([{ kind: 'applied', state: 'delivered' }]);
    });

    describe('receipts', () => {
      it('that overtake their submit wait for it, in the store', async () => {
        const one = await accepted();
        const id = newId();
        expect(await settle([], [receipt(id)])).toEqual([{ kind: 'parked' }]);
        await settle([outcome(one, 'me', [id])]);
        expect(await deliveryOf(one)).toMatchObject({ state: 'delivered' });
        expect(await ledger(one)).toEqual({ granted: 10, held: 0, captured: 1, openHolds: 0 });
      });

      it('find the submit of their own batch', async () => {
        const one = await accepted();
        const id = newId();
        await settle([outcome(one, 'me', [id])], [receipt(id)]);
        expect(await deliveryOf(one)).toMatchObject({ state: 'delivered' });
      });

      it('count once, doubled in one batch or over two', async () => {
        const one = await accepted({ credits: 2 });
        const [a, b] = [newId(), newId()];
        await settle([outcome(one, 'me', [a, b])]);
        expect((await settle([], [receipt(a), receipt(a)])).map(({ kind }) => kind)).toEqual(['applied', 'stale']);
        expect(await settle([], [receipt(a)])).toEqual([{ kind: 'stale' }]);
        expect(await deliveryOf(one)).toMatchObject({ state: 'submitted', submittedAt: NOW });
        await settle([], [receipt(b)]);
        await settle([], [receipt(a), receipt(b)]);
        expect(await ledger(one)).toEqual({ granted: 10, held: 0, captured: 2, openHolds: 0 });
      });

      it('of unknown ids are parked, and forgotten after a day', async () => {
        expect(await settle([], [receipt(newId()), receipt(newId())])).toEqual([
          { kind: 'parked' },
          { kind: 'parked' },
        ]);
        expect(await rig.store.sweep(NOW + 86_399_999, 1000)).toBe(0);
        expect(await rig.store.sweep(NOW + 86_400_000, 1000)).toBeGreaterThanOrEqual(2);
      });

      it('of an id that a carrier used again are for its last message', async () => {
        const [old, young] = [await accepted(), await accepted()];
        const id = newId();
        await settle([outcome(old, 'me', [id])]);
        await settle([{ ...outcome(young, 'me', [id]), at: NOW + 1 }]);
        await settle([], [receipt(id)]);
        expect(await deliveryOf(young)).toMatchObject({ state: 'delivered' });
        expect(await deliveryOf(old)).toMatchObject({ state: 'submitted' });
      });
    });

    describe('closeOverdue', () => {
      it('ends what was submitted and never reported on, a piece at a time', async () => {
        const waiting = [await accepted(), await accepted(), await accepted()];
        const until = NOW + 700_000;
        await settle(waiting.map((one) => outcome(one, 'me', [newId()], { kind: 'await_receipt', until, parts: 1 })));
        // Those of the other tests in this group fall due before.
        while ((await rig.store.closeOverdue(until, 100)) > 0);
        expect(await deliveryOf(waiting[0] as AcceptRequest)).toMatchObject({ state: 'submitted' });

        expect(await rig.store.closeOverdue(until + 1, 2)).toBe(2);
        expect(await rig.store.closeOverdue(until + 1, 2)).toBe(1);
        expect(await rig.store.closeOverdue(until + 1, 2)).toBe(0);
        for (const one of waiting) {
          expect(await deliveryOf(one)).toMatchObject({ state: 'sent', reason: 'receipt_missing', finalAt: until + 1 });
          expect(await ledger(one)).toEqual({ granted: 10, held: 0, captured: 1, openHolds: 0 });
        }
      });

      it('lets a late receipt still say what became of the message', async () => {
        const one = await accepted();
        const id = newId();
        await settle([outcome(one, 'me', [id])]);
        while ((await rig.store.closeOverdue(NOW + 600_001, 100)) > 0);
        expect(await settle([], [receipt(id)])).toEqual([{ kind: 'applied', state: 'delivered' }]);
        expect(await ledger(one)).toEqual({ granted: 10, held: 0, captured: 1, openHolds: 0 });
      });
    });
  });
}
