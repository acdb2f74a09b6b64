import { describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import { nextStepAt } from '../../rules/verification.ts';
import type { VerifyRequest } from '../../rules/verify.ts';
import { type OpenRig, useRig } from './rig.ts';
import { codesOf, NOW, newId, outcome, request, startOf } from './samples.ts';
import { check, NUMBER, starter } from './verify-samples.ts';

/** Sends of a verification after its first: resends, steps, and who looks when one is due. */
export function furtherSendContract(open: OpenRig): void {
  describe('further sends of verifications', () => {
    const rig = useRig(open);
    const accept = (...batch: AcceptRequest[]) => rig.store.accept(batch, 'node', NOW);
    const verify = (batch: readonly VerifyRequest[], now = NOW) => rig.store.verify(batch, 'node', now);

    const started = starter(rig);

    /** One more send of it. */
    function again(one: AcceptRequest, kind: 'resend' | 'step', step: number): AcceptRequest {
      const verification = { kind, step, failures: NUMBER };
      return { ...one, deliveryId: newId(), contentSealed: 'its own content', replay: null, verification };
    }

    it('are sent again after their gap, with the same expiry and count, under limits and for credits', async () => {
      const one = await started();
      await verify([check(one, false)]);
      const soon = again(one, 'resend', 0);
      const [refused] = await rig.store.accept([soon], 'node', NOW + 29_999);
      expect(refused).toMatchObject({
        refusal: { code: 'rate_limited', detail: { limit: 'resend', retryAfterMs: 1 } },
      });
      const [sent] = await rig.store.accept([soon], 'node', NOW + 30_000);
      expect(sent?.accepted).toBe(true);
      const whole = await rig.store.verifications.get(one.accountId, one.otpId);
      expect(whole).toMatchObject({ sends: 2, failures: 1, expiresAt: one.expiresAt, deliveryId: soon.deliveryId });
      expect(whole?.deliveries.map(({ id }) => id)).toEqual([one.deliveryId, soon.deliveryId]);
      expect((await rig.store.credits.balances(one.accountId)).sms.held).toBe(2);
      expect(await rig.store.otps.count(one.accountId, {})).toBe(1);
      const [third] = await rig.store.accept([again(one, 'resend', 0)], 'node', NOW + 60_000);
      expect(third).toMatchObject({ refusal: { detail: { limit: 'resend', retryAfterMs: 30_000 } } });
      await verify([check(one, true)]);
      const [late] = await rig.store.accept([again(one, 'resend', 0)], 'node', NOW + 200_000);
      expect(late).toMatchObject({ refusal: { code: 'verification_ended', detail: { state: 'approved' } } });
      const foreign = { ...again(one, 'resend', 0), otpId: newId() };
      expect(codesOf(await rig.store.accept([foreign], 'node', NOW))).toEqual(['not_found']);
    });

    it('are known as withdrawn while they wait at a node for whom nobody checks their code any more', async () => {
      const [ended, running, handedOver, plain] = [await started(), await started(), await started(), await started()];
      const sms = request((await rig.account()).id);
      await accept(sms);
      const cancel = ({ accountId, otpId: id }: AcceptRequest) =>
        ({ kind: 'cancel', accountId, id, replay: null }) as const;
      await rig.store.settle([outcome(handedOver, 'node', [newId()])], [], 'node', NOW);
      await verify([cancel(ended), cancel(handedOver), check(plain, true)]);
      const withdrawn = await rig.store.verifications.withdrawn('node');
      expect([ended, plain].map(({ deliveryId }) => withdrawn.has(deliveryId))).toEqual([true, true]);
      expect([running, handedOver, sms].map(({ deliveryId }) => withdrawn.has(deliveryId))).toEqual([
        false,
        false,
        false,
      ]);
      expect(await rig.store.verifications.withdrawn('other')).toEqual(new Set());
    });

    it('go from step to step once, whichever of two processes is first', async () => {
      const steps = [
        { channel: 'sms', carrier: null, waitMs: 0 },
        { channel: 'voice', carrier: null, waitMs: 30_000 },
      ] as const;
      const one = await started({}, { steps, dueAt: NOW + 30_000 });
      const peer = await rig.peer();
      const both = await Promise.all([
        rig.store.accept([again(one, 'step', 1)], 'node', NOW + 30_000),
        peer.accept([again(one, 'step', 1)], 'other', NOW + 30_000),
      ]);
      expect(codesOf(both.flat()).sort()).toEqual(['accepted', 'conflict']);
      expect(codesOf(await accept(again(one, 'step', 2)))).toEqual(['conflict']);
      expect(await rig.store.verifications.get(one.accountId, one.otpId)).toMatchObject({
        ...{ step: 1, sends: 2, dueAt: one.expiresAt },
      });
    });

    it('are not put off by a resend', async () => {
      const steps = [
        { channel: 'sms', carrier: null, waitMs: 0 },
        { channel: 'voice', carrier: null, waitMs: 40_000 },
        { channel: 'sms', carrier: null, waitMs: 20_000 },
      ] as const;
      const one = await started({}, { steps, dueAt: NOW + 40_000 });
      await rig.store.accept([again(one, 'resend', 0)], 'node', NOW + 30_000);
      const resent = await rig.store.verifications.get(one.accountId, one.otpId);
      expect(resent).toMatchObject({ lastSentAt: NOW + 30_000, dueAt: NOW + 40_000 });
      expect(resent && nextStepAt(resent)).toBe(NOW + 40_000);
      await verify([check(one, false)]);
      await rig.store.accept([again(one, 'step', 1)], 'node', NOW + 41_000);
      const stepped = await rig.store.verifications.get(one.accountId, one.otpId);
      expect(stepped).toMatchObject({ step: 1, sends: 3, failures: 1, dueAt: NOW + 61_000 });
      expect(stepped && nextStepAt(stepped)).toBe(NOW + 61_000);
    });

    it('are due to one of two processes, come back if it stops, and at once when a delivery fails', async () => {
      const one = await started({ expiresAt: NOW + 60_000 }, { dueAt: NOW + 60_000 });
      const peer = await rig.peer();
      const mine = (rows: readonly { readonly id: string }[]) => rows.filter(({ id }) => id === one.otpId).length;
      expect(mine(await rig.store.verifications.due(NOW + 59_999, 1000, 15_000))).toBe(0);
      const next = { kind: 'final', state: 'failed', reason: 'carrier_refused' } as const;
      await rig.store.settle([outcome(one, 'node', [null], next)], [], 'node', NOW + 1000);
      const looks = await Promise.all([
        rig.store.verifications.due(NOW + 1000, 1000, 15_000),
        peer.verifications.due(NOW + 1000, 1000, 15_000),
      ]);
      expect(mine(looks.flat())).toBe(1);
      const [due] = looks.flat().filter(({ id }) => id === one.otpId);
      expect(due?.deliveries.map(({ state, tries }) => [state, tries.length])).toEqual([['failed', 1]]);
      expect(mine(await peer.verifications.due(NOW + 15_999, 1000, 15_000))).toBe(0);
      expect(mine(await peer.verifications.due(NOW + 16_000, 1000, 15_000))).toBe(1);
      const { accountId, otpId: id } = one;
      const seen = await rig.store.verifications.get(accountId, id);
      expect(seen?.dueAt).toBe(NOW + 31_000);
      const later = { kind: 'postpone', dueAt: NOW + 50_000, accountId, id, replay: null } as const;
      await verify([
        { ...later, seenDueAt: NOW + 31_000 },
        { ...later, dueAt: NOW + 99_000, seenDueAt: NOW + 31_000 },
      ]);
      expect(mine(await peer.verifications.due(NOW + 49_999, 1000, 15_000))).toBe(0);
      await verify([{ kind: 'cancel', accountId: one.accountId, id: one.otpId, replay: null }]);
      expect(mine(await peer.verifications.due(NOW + 90_000, 1000, 15_000))).toBe(0);
    });

    it('replay a send with the answer that was stored in its commit', async () => {
      const { id } = await rig.account();
      const replay = { key: 'live:s', bodyDigest: 'b', keepMs: 1000, answerSealed: 'sealed answer' };
      const one = request(id, { dialect: 'native', verification: startOf(), replay });
      const twin = { ...one, otpId: newId(), deliveryId: newId() };
      const peer = await rig.peer();
      const verdicts = (
        await Promise.all([
          rig.store.accept([one, twin], 'node', NOW),
          peer.accept([{ ...twin, otpId: newId() }], 'o', NOW),
        ])
      ).flat();
      expect(codesOf(verdicts)).toEqual(['accepted', 'accepted', 'accepted']);
      expect(new Set(verdicts.map((verdict) => verdict.accepted && verdict.otpId)).size).toBe(1);
      expect(verdicts.filter((verdict) => verdict.accepted && verdict.answerSealed === 'sealed answer')).toHaveLength(
        2,
      );
      expect((await rig.store.credits.balances(id)).sms.held).toBe(1);
    });
  });

  describe('a further send of a verification', () => {
    const rig = useRig(open);

    it('is handed over with what it says itself', async () => {
      const { id } = await rig.account();
      const one = request(id, { dialect: 'native', verification: startOf() });
      const more = {
        ...{ ...one, deliveryId: newId(), contentSealed: 'its own content', via: 'second' },
        verification: { kind: 'resend', step: 0, failures: [] } as const,
      };
      await rig.store.accept([one], 'node', NOW);
      await rig.store.accept([more], 'node', NOW + 30_000);
      const claimed = await rig.store.claim('another', 10);
      expect(claimed.map(({ contentSealed, ownContentSealed, via }) => [contentSealed, ownContentSealed, via])).toEqual(
        [
          ['sealed content', null, null],
          ['sealed content', 'its own content', 'second'],
        ],
      );
    });
  });
}
