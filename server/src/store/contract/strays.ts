import { describe, expect, it } from 'vitest';
import { livingNodes } from './living-nodes.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, outcome, request } from './samples.ts';

const HOUR_MS = 3_600_000;
const LATER = NOW + 100 * HOUR_MS;

/** What stands as a node's although the node may know nothing of it. */
export function strayContract(open: OpenRig): void {
  describe('strays', () => {
    const rig = useRig(open);

    const living = livingNodes(rig);

    async function queuedAt(node: string, count: number) {
      const { id } = await rig.account();
      const batch = Array.from({ length: count }, () => request(id));
      await rig.store.accept(batch, node, NOW);
      return batch;
    }

    /** Callbacks of messages that have failed. */
    async function owedBy(node: string, count: number) {
      const { id } = await rig.account();
      const batch = Array.from({ length: count }, () => request(id, { callback: true }));
      await rig.store.accept(batch, node, NOW);
      const failed = { kind: 'final', state: 'failed', reason: 'carrier_refused' } as const;
      const ends = batch.map((one) => outcome(one, node, [null], failed));
      await rig.store.settle(ends, [], node, NOW);
      return { accountId: id, ids: batch.map(({ deliveryId }) => `${deliveryId}.failed`) };
    }

    it('are found among deliveries that are queued as a node’s', async () => {
      const [node, other] = [await living(), await living()];
      const [waiting, gone] = await queuedAt(node, 2);
      await queuedAt(other, 1);
      if (waiting === undefined || gone === undefined) throw new Error('two were accepted');
      await rig.store.settle([outcome(gone, node, [newId()])], [], null, NOW);
      expect(await rig.store.strays.deliveriesOf(node)).toEqual([waiting.deliveryId]);
      expect(await rig.store.strays.deliveriesOf(newId())).toEqual([]);
    });

    it('are found among callbacks that are pending as a node’s', async () => {
      const [node, other] = [await living(), await living()];
      const { accountId, ids } = await owedBy(node, 3);
      await owedBy(other, 1);
      const [kept = '', told = '', putOff = ''] = ids;
      const result = { accountId, node, receiver: 'own', attempts: 1, status: 500 };
      const retry = { kind: 'retry', dueAt: LATER } as const;
      await rig.store.callbacks.settle([{ ...result, id: told, next: { kind: 'delivered' } }], NOW);
      await rig.store.callbacks.settle([{ ...result, id: putOff, next: retry }], NOW);
      expect(await rig.store.strays.callbacksOf(node)).toEqual([kept]);
    });

    it('can be claimed by every node once they are nobody’s, their own too', async () => {
      const [node, other] = [await living(), await living()];
      const [one, two, three] = (await queuedAt(node, 3)).map(({ deliveryId }) => deliveryId);
      const { ids } = await owedBy(node, 2);
      expect(await rig.store.claim(other, 10)).toEqual([]);
      expect(await rig.store.callbacks.claim(other, NOW, 10)).toEqual([]);

      expect(await rig.store.strays.freeDeliveries(node, [one ?? '', two ?? '', newId()])).toBe(2);
      expect(await rig.store.strays.freeCallbacks(node, [...ids, `${newId()}.sent`])).toBe(2);
      expect(await rig.store.strays.deliveriesOf(node)).toEqual([three]);
      expect(await rig.store.strays.callbacksOf(node)).toEqual([]);

      const claims = [...(await rig.store.claim(other, 1)), ...(await rig.store.claim(node, 10))];
      expect(claims.map(({ deliveryId }) => deliveryId)).toEqual([one, two]);
      const callbacks = [
        ...(await rig.store.callbacks.claim(other, NOW, 1)),
        ...(await rig.store.callbacks.claim(node, NOW, 10)),
      ];
      expect(callbacks.map(({ id }) => id).sort()).toEqual([...ids].sort());
    });

    it('are left alone where they are another’s by now, or have gone on', async () => {
      const [node, other] = [await living(), await living()];
      const [sent, waiting] = await queuedAt(node, 2);
      if (sent === undefined || waiting === undefined) throw new Error('two were accepted');
      await rig.store.settle([outcome(sent, node, [newId()])], [], null, NOW);
      const ids = [sent.deliveryId, waiting.deliveryId];
      expect(await rig.store.strays.freeDeliveries(other, ids)).toBe(0);
      expect(await rig.store.strays.freeDeliveries(node, ids)).toBe(1);
      const owed = await owedBy(node, 1);
      expect(await rig.store.strays.freeCallbacks(other, owed.ids)).toBe(0);
      expect(await rig.store.strays.callbacksOf(node)).toEqual(owed.ids);
    });

    it('do not count as handed over: a claim that nobody heard of is taken back with them', async () => {
      const [node, other] = [await living(), await living()];
      const [one] = await queuedAt(newId(), 1);
      expect(await rig.store.claim(node, 10)).toMatchObject([{ handovers: 1 }]);
      await rig.store.strays.freeDeliveries(node, [one?.deliveryId ?? '']);
      expect(await rig.store.claim(other, 10)).toMatchObject([{ deliveryId: one?.deliveryId, handovers: 1 }]);
    });

    it('are let go of however many there are', async () => {
      const node = await living();
      const ids = (await queuedAt(node, 1)).map(({ deliveryId }) => deliveryId);
      const unknown = Array.from({ length: 1_200 }, () => newId());
      expect(await rig.store.strays.freeDeliveries(node, [...unknown, ...ids])).toBe(1);
    });
  });
}
