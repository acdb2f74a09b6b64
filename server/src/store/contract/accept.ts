import { describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import { type OpenRig, useRig } from './rig.ts';
import { acceptedOf, codesOf, NOW, newId, request } from './samples.ts';

export function acceptContract(open: OpenRig): void {
  describe('accept', () => {
    const rig = useRig(open);
    const accept = (batch: readonly AcceptRequest[], now = NOW) => rig.store.accept(batch, 'node', now);
    const smsOf = async (id: string) => (await rig.store.credits.balances(id)).sms;

    it('holds the credits and shows the otp with its delivery', async () => {
      const { id } = await rig.account(10, 5);
      const one = request(id, { credits: 2, segments: 2 });
      const [verdict] = await accept([one]);
      expect(verdict).toEqual({
        accepted: true,
        fresh: true,
        otpId: one.otpId,
        deliveryId: one.deliveryId,
        number: 1,
        available: { sms: 8, voice: 5 },
      });
      expect(await smsOf(id)).toEqual({ granted: 10, held: 2, captured: 0 });
      expect(await rig.store.otps.get(id, one.otpId)).toEqual({
        accountId: id,
        id: one.otpId,
        dialect: 'tingting',
        mode: 'live',
        number: 1,
        channel: 'sms',
        numberDigest: one.numberDigest,
        numberSealed: 'sealed number',
        contentSealed: 'sealed content',
        options: one.options,
        createdAt: NOW,
        expiresAt: one.expiresAt,
        keepContentUntil: one.keepContentUntil,
        delivery: {
          id: one.deliveryId,
          state: 'queued',
          reason: null,
          carrier: null,
          segments: 2,
          credits: 2,
          submittedAt: null,
          finalAt: null,
        },
      });
    });

    it('judges each request of a batch as if it came alone after those before it', async () => {
      const { id } = await rig.account(3);
      const verdicts = await accept([request(id), request(id, { credits: 5 }), request(id), request(id), request(id)]);
      expect(codesOf(verdicts)).toEqual(['accepted', 'credits_exhausted', 'accepted', 'accepted', 'credits_exhausted']);
      expect(acceptedOf(verdicts).map(({ number }) => number)).toEqual([1, 2, 3]);
      expect(await smsOf(id)).toEqual({ granted: 3, held: 3, captured: 0 });
    });

    it('keeps accounts and pools apart', async () => {
      const [rich, poor] = [await rig.account(5, 0), await rig.account(0, 5)];
      const call = { pool: 'voice', channel: 'voice', segments: 0 } as const;
      const batch = [request(rich.id), request(poor.id), request(rich.id, call), request(poor.id, call)];
      expect(codesOf(await accept(batch))).toEqual(['accepted', 'credits_exhausted', 'credits_exhausted', 'accepted']);
    });

    it('saves as a whole or not at all', async () => {
      const { id } = await rig.account(10);
      const first = request(id);
      await accept([first]);
      // The second otp of this batch takes the first one's id: the database refuses its row.
      const fine = request(id);
      await expect(accept([fine, request(id, { otpId: first.otpId })])).rejects.toMatchObject({ code: 'internal' });
      expect(await rig.store.otps.get(id, fine.otpId)).toBeNull();
      expect(await smsOf(id)).toEqual({ granted: 10, held: 1, captured: 0 });
      expect(codesOf(await accept([fine]))).toEqual(['accepted']);
    });

    describe('replays', () => {
      const replay = (key: string, bodyDigest = 'body') => ({ key, bodyDigest, keepMs: 1000 });

      it('answers a key again with the first otp, charged once', async () => {
        const { id } = await rig.account(10);
        const first = request(id, { replay: replay('k 1') });
        await accept([first]);
        const [again] = await accept([request(id, { replay: replay('k 1') })], NOW + 999);
        expect(again).toMatchObject({ accepted: true, fresh: false, otpId: first.otpId, number: 1 });
        expect(await smsOf(id)).toMatchObject({ held: 1 });
        expect(codesOf(await accept([request(id, { replay: replay('k 1', 'other') })]))).toEqual([
          'idempotency_mismatch',
        ]);
      });

      it('forgets a key after its time', async () => {
        const { id } = await rig.account(10);
        await accept([request(id, { replay: replay('k') })]);
        const [later] = await accept([request(id, { replay: replay('k') })], NOW + 1000);
        expect(later).toMatchObject({ accepted: true, fresh: true });
        expect(await smsOf(id)).toMatchObject({ held: 2 });
      });

      it('is not shared by accounts', async () => {
        const [a, b] = [await rig.account(1), await rig.account(1)];
        const verdicts = await accept([request(a.id, { replay: replay('k') }), request(b.id, { replay: replay('k') })]);
        expect(acceptedOf(verdicts).map(({ fresh }) => fresh)).toEqual([true, true]);
      });

      it('never acknowledges the duplicate of a refused request', async () => {
        const { id } = await rig.account(0);
        const batch = [request(id, { replay: replay('k') }), request(id, { replay: replay('k') })];
        expect(codesOf(await accept(batch))).toEqual(['credits_exhausted', 'credits_exhausted']);
        expect(await rig.store.otps.count(id, {})).toBe(0);
      });

      it('shares one otp between duplicates in one batch', async () => {
        const { id } = await rig.account(10);
        const batch = Array.from({ length: 4 }, () => request(id, { replay: replay('k') }));
        const verdicts = acceptedOf(await accept(batch));
        expect(verdicts.map(({ fresh }) => fresh)).toEqual([true, false, false, false]);
        expect(new Set(verdicts.map(({ otpId }) => otpId)).size).toBe(1);
        expect(await smsOf(id)).toMatchObject({ held: 1 });
      });
    });

    describe('limits', () => {
      const limits = [{ name: 'number', subject: 'n:1 x', rules: [{ count: 2, periodMs: 60_000 }] }] as const;

      it('count over batches and come back with time', async () => {
        const { id } = await rig.account(10);
        await accept([request(id, { limits })]);
        const verdicts = await accept([request(id, { limits }), request(id, { limits })]);
        expect(codesOf(verdicts)).toEqual(['accepted', 'rate_limited']);
        expect(verdicts[1]).toMatchObject({ refusal: { detail: { limit: 'number', retryAfterMs: 30_000 } } });
        expect(codesOf(await accept([request(id, { limits })], NOW + 30_000))).toEqual(['accepted']);
      });

      it('cost nothing when they refuse: 1,000 refusals leave no trace', async () => {
        const { id } = await rig.account(10);
        await accept([request(id, { limits }), request(id, { limits })]);
        const before = [await rig.store.credits.sums(id), await rig.store.otps.count(id, {})];
        const verdicts = await accept(Array.from({ length: 1000 }, () => request(id, { limits })));
        expect(new Set(codesOf(verdicts))).toEqual(new Set(['rate_limited']));
        expect([await rig.store.credits.sums(id), await rig.store.otps.count(id, {})]).toEqual(before);
      });

      it('are forgotten once full again', async () => {
        const { id } = await rig.account(10);
        await accept([request(id, { limits })]);
        expect(await rig.store.sweep(NOW + 29_999, 100)).toBe(0);
        expect(codesOf(await accept([request(id, { limits }), request(id, { limits })]))).toEqual([
          'accepted',
          'rate_limited',
        ]);
        expect(await rig.store.sweep(NOW + 3_600_000, 100)).toBeGreaterThan(0);
      });
    });

    it('accepts exactly 10 of 64 concurrent sends on 10 credits', async () => {
      const { id } = await rig.account(10);
      const peer = await rig.peer();
      const stores = [rig.store, peer];
      const verdicts = await Promise.all(
        Array.from({ length: 64 }, (_, i) => (stores[i % 2] ?? peer).accept([request(id)], `node ${i % 2}`, NOW)),
      );
      const accepted = acceptedOf(verdicts.flat());
      expect(accepted).toHaveLength(10);
      expect(new Set(accepted.map(({ number }) => number)).size).toBe(10);
      expect(await smsOf(id)).toEqual({ granted: 10, held: 10, captured: 0 });
      expect((await rig.store.credits.sums(id)).sms).toMatchObject({ held: 10, openHolds: 10 });
    });

    it('control: the same 64 without the lock overdraw, and the ledger shows it', async () => {
      const { id } = await rig.account(10);
      const db = await rig.database();
      const purse = async () =>
        db
          .selectFrom('balances')
          .selectAll()
          .where('account_id', '=', id)
          .where('pool', '=', 'sms')
          .executeTakeFirstOrThrow();
      const accepted = await Promise.all(
        Array.from({ length: 64 }, async () => {
          const { granted, held } = await purse();
          if (granted - held < 1) return false;
          const hold = {
            account_id: id,
            subject: newId(),
            phase: 0,
            kind: 'hold',
            pool: 'sms',
            amount: 1,
            at: NOW,
          } as const;
          await db
            .insertInto('credit_entries')
            .values({ ...hold, note: null })
            .execute();
          await db
            .updateTable('balances')
            .set({ held: held + 1 })
            .where('account_id', '=', id)
            .where('pool', '=', 'sms')
            .execute();
          return true;
        }),
      );
      expect(accepted.filter(Boolean).length).toBeGreaterThan(10);
      expect((await rig.store.credits.sums(id)).sms.held).not.toBe((await smsOf(id)).held);
    });

    it('sends once when one key races over two instances', async () => {
      const { id } = await rig.account(10);
      const peer = await rig.peer();
      const replay = { key: newId(), bodyDigest: 'body', keepMs: 1000 };
      const verdicts = await Promise.all(
        Array.from({ length: 32 }, (_, i) => (i % 2 ? rig.store : peer).accept([request(id, { replay })], 'node', NOW)),
      );
      expect(acceptedOf(verdicts.flat()).filter(({ fresh }) => fresh)).toHaveLength(1);
      expect(await smsOf(id)).toMatchObject({ held: 1 });
    });
  });
}
