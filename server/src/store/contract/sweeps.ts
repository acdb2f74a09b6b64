import { describe, expect, it } from 'vitest';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, outcome, receipt, request } from './samples.ts';

const DAY = 86_400_000;

/** What is forgotten by age is kept where its age began anew. */
export function sweepContract(open: OpenRig): void {
  describe('sweeps', () => {
    const rig = useRig(open);

    it('keep a parked receipt for a day from when it came last', async () => {
      const { id } = await rig.account();
      const one = request(id);
      await rig.store.accept([one], 'me', NOW);
      const parked = receipt(newId());
      await rig.store.settle([], [parked], null, NOW);
      await rig.store.settle([], [parked], null, NOW + DAY - 1);
      expect(await rig.store.sweep(NOW + DAY, 100)).toBe(0);
      await rig.store.settle([outcome(one, 'me', [parked.messageId])], [], 'me', NOW + DAY);
      expect(await rig.store.otps.get(id, one.otpId)).toMatchObject({ delivery: { state: 'delivered' } });
    });

    it('keep a key that was taken anew', async () => {
      const { id: accountId } = await rig.account();
      const old = { accountId, key: newId(), bodyDigest: 'b', answerSealed: null, keepUntil: NOW };
      const anew = { ...old, keepUntil: NOW + DAY };
      expect(await rig.store.replays.begin(old, NOW - DAY)).toBeNull();
      expect(await rig.store.replays.begin(anew, NOW)).toBeNull();
      expect(await rig.store.replays.sweep(NOW, 100)).toBe(0);
      expect(await rig.store.replays.begin(old, NOW)).toEqual(anew);
      expect(await rig.store.replays.sweep(NOW + DAY, 100)).toBe(1);
    });

    it('keep a callback that is to be replayed', async () => {
      const { id: accountId } = await rig.account();
      const due = {
        accountId,
        id: `${newId()}.sent`,
        subjectId: newId(),
        event: 'message.sent',
        createdAt: NOW,
      } as const;
      await rig.store.callbacks.add(due, 'own');
      await rig.store.nodes.beat('me', DAY);
      await rig.store.callbacks.claim('me', NOW, 10);
      const end = async () => {
        const result = { ...due, node: 'me', receiver: 'own', attempts: 1, status: 200 };
        await rig.store.callbacks.settle([{ ...result, next: { kind: 'delivered' } }], NOW);
      };
      await end();
      expect(await rig.store.callbacks.replay(accountId, due.id, NOW + DAY)).toBe(true);
      expect(await rig.store.callbacks.sweep(NOW + DAY, 100)).toBe(0);
      expect(await rig.store.callbacks.claim('me', NOW + DAY, 10)).toMatchObject([{ id: due.id }]);
      await end();
      expect(await rig.store.callbacks.sweep(NOW, 100)).toBe(0);
      expect(await rig.store.callbacks.sweep(NOW + DAY, 100)).toBe(1);
    });
  });
}
