import { afterEach, describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, outcome, request } from './samples.ts';

const HOUR_MS = 3_600_000;

export function leaseContract(open: OpenRig): void {
  describe('leases', () => {
    const rig = useRig(open);
    const janitor = newId();
    let nodes: string[] = [];

    function node(): string {
      const name = newId();
      nodes.push(name);
      return name;
    }

    // What a test leaves behind goes to a node that lives on: no other test meets it.
    afterEach(async () => {
      await rig.store.nodes.beat(janitor, HOUR_MS);
      for (const name of nodes) await rig.store.nodes.leave(name);
      nodes = [];
      while ((await rig.store.claim(janitor, 1000)).length > 0);
    });

    async function acceptAt(owner: string, count = 1): Promise<AcceptRequest[]> {
      const { id } = await rig.account();
      const batch = Array.from({ length: count }, () => request(id));
      await rig.store.accept(batch, owner, NOW);
      return batch;
    }

    async function claimAll(owner: string): Promise<string[]> {
      const claimed = await rig.store.claim(owner, 1000);
      return claimed.map(({ deliveryId }) => deliveryId).sort();
    }

    it('keep a living node from being robbed, and never give a node its own', async () => {
      const [me, other] = [node(), node()];
      expect(await rig.store.nodes.beat(me, HOUR_MS)).toBe(true);
      const mine = await acceptAt(me);
      expect(await claimAll(other)).toEqual([]);
      expect(await claimAll(me)).toEqual([]);
      await rig.store.nodes.leave(me);
      expect(await claimAll(other)).toEqual(mine.map(({ deliveryId }) => deliveryId));
    });

    it('hand over what is needed to send, oldest first, and say how often it changed hands', async () => {
      const [dead, next, last] = [node(), node(), node()];
      const [one, two, three] = await acceptAt(dead, 3);
      const claimed = await rig.store.claim(next, 2);
      expect(claimed.map(({ deliveryId }) => deliveryId)).toEqual([one?.deliveryId, two?.deliveryId]);
      expect(claimed[0]).toEqual({
        accountId: one?.accountId,
        deliveryId: one?.deliveryId,
        otpId: one?.otpId,
        mode: 'live',
        channel: 'sms',
        numberSealed: 'sealed number',
        ownContentSealed: null,
        via: null,
        contentSealed: 'sealed content',
        options: one?.options,
        expiresAt: one?.expiresAt,
        tries: 0,
        handovers: 1,
      });
      const handovers = new Map((await rig.store.claim(last, 10)).map((row) => [row.deliveryId, row.handovers]));
      expect(handovers).toEqual(
        new Map([
          [one?.deliveryId, 2],
          [two?.deliveryId, 2],
          [three?.deliveryId, 1],
        ]),
      );
    });

    it('count hand-overs anew once an outcome was saved', async () => {
      const [dead, next, last] = [node(), node(), node()];
      const [one] = (await acceptAt(dead)) as [AcceptRequest];
      await rig.store.claim(next, 10);
      await rig.store.settle([outcome(one, next, [null], { kind: 'retry', dueAt: NOW + 2000 })], [], null, NOW);
      expect(await rig.store.claim(last, 10)).toMatchObject([{ tries: 1, handovers: 1 }]);
    });

    it('fence the node that lost them: its outcomes are stale, its name is spent', async () => {
      const [slow, next] = [node(), node()];
      expect(await rig.store.nodes.beat(slow, 0)).toBe(true);
      const [one] = (await acceptAt(slow)) as [AcceptRequest];
      expect(await claimAll(next)).toEqual([one.deliveryId]);

      expect(await rig.store.settle([outcome(one, slow, [newId()])], [], null, NOW)).toEqual([{ kind: 'stale' }]);
      expect(await rig.store.nodes.beat(slow, HOUR_MS)).toBe(false);
      expect(await rig.store.nodes.beat(slow, HOUR_MS)).toBe(false);
      const late = request(one.accountId);
      await expect(rig.store.accept([late], slow, NOW)).rejects.toMatchObject({ code: 'unavailable' });
      expect(await rig.store.otps.get(one.accountId, late.otpId)).toBeNull();

      expect(await rig.store.settle([outcome(one, next, [newId()])], [], null, NOW)).toMatchObject([
        { kind: 'applied' },
      ]);
      expect((await rig.store.nodes.list()).map((row) => row.node)).not.toContain(slow);
    });

    it('let a node that was late, but not robbed, go on', async () => {
      const late = node();
      await rig.store.nodes.beat(late, 0);
      expect(await rig.store.nodes.beat(late, HOUR_MS)).toBe(true);
      await acceptAt(late);
      expect(await claimAll(node())).toEqual([]);
    });

    it('give each delivery to one of many claimants', async () => {
      const batch = await acceptAt(node(), 60);
      const peer = await rig.peer();
      const last = node();
      const claimants = Array.from({ length: 12 }, node);
      for (const living of [last, ...claimants]) await rig.store.nodes.beat(living, HOUR_MS);
      const claims = await Promise.all(claimants.map((claimant, i) => (i % 2 ? peer : rig.store).claim(claimant, 10)));
      claims.push(await rig.store.claim(last, 60));
      const ids = claims.flat().map(({ deliveryId }) => deliveryId);
      expect(ids.sort()).toEqual(batch.map(({ deliveryId }) => deliveryId).sort());
    });

    it('never let a renewal and a claim both win', async () => {
      const peer = await rig.peer();
      for (let round = 0; round < 20; round += 1) {
        const [slow, thief] = [node(), node()];
        await rig.store.nodes.beat(slow, 0);
        await acceptAt(slow);
        const [renewed, claimed] = await Promise.all([rig.store.nodes.beat(slow, HOUR_MS), peer.claim(thief, 10)]);
        expect({ renewed, robbed: claimed.length > 0 }).toEqual({ renewed, robbed: !renewed });
        await rig.store.nodes.leave(slow);
        await rig.store.nodes.beat(thief, HOUR_MS);
        await rig.store.claim(thief, 10);
      }
    });
  });
}
