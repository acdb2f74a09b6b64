import { describe, expect, it } from 'vitest';
import type { CallbackResult } from '../tables/callbacks.ts';
import { livingNodes } from './living-nodes.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, request, startOf } from './samples.ts';

/** Callbacks, each with a row for every receiver that wants it. */
export function callbackContract(open: OpenRig): void {
  describe('callbacks that several want', () => {
    const rig = useRig(open);

    /** A callback of a message that has failed; `node`'s. */
    async function owed(node: string | null, mode: 'test' | 'live' = 'test', account?: string) {
      const accountId = account ?? (await rig.account()).id;
      const one = request(accountId, { callback: true, mode });
      await rig.store.accept([one], 'sender', NOW);
      const next = { kind: 'final', state: 'failed', reason: 'carrier_refused' } as const;
      const { deliveryId } = one;
      const at = { accountId, deliveryId, node: 'sender', at: NOW, attempt: null };
      await rig.store.settle([{ ...at, next }], [], node, NOW);
      return { accountId, id: `${deliveryId}.failed`, subjectId: deliveryId };
    }

    const living = livingNodes(rig);

    const page = async (accountId: string) =>
      (await rig.store.callbacks.after(accountId, { mode: 'test' }, 100, null)).map(
        ({ id, receiver, state, attempts }) => ({ id, receiver, state, attempts }),
      );

    it('are given a row for each in one commit, all of them the node’s', async () => {
      const [node, heir] = [await living(), await living()];
      const row = await owed(node);
      const { accountId, id } = row;
      const receivers = ['own', newId(), newId()];
      const spread = { accountId, id, node, receivers };
      const other = { ...spread, node: heir };
      expect(await rig.store.callbacks.spread([other, spread, { ...spread, id: 'none' }])).toEqual([
        false,
        true,
        false,
      ]);
      // Once more, as after a lost answer; but whoever says otherwise finds it said.
      expect(await rig.store.callbacks.spread([spread])).toEqual([true]);
      const otherwise = { ...spread, receivers: receivers.toReversed() };
      expect(await rig.store.callbacks.spread([otherwise, other])).toEqual([false, false]);
      const ids = receivers.map((receiver, i) => (i === 0 ? id : `${id}.${receiver}`));
      const rows = ids.map((id, i) => ({ id, receiver: receivers[i], state: 'pending', attempts: 0 }));
      expect((await page(accountId)).toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(rows);
      expect(await rig.store.callbacks.claim(heir, NOW, 10)).toEqual([]);
      await rig.store.nodes.leave(node);
      const claimed = await rig.store.callbacks.claim(heir, NOW, 10);
      expect(claimed.map(({ id, receiver }) => [id, receiver]).toSorted()).toEqual(
        ids.map((id, i) => [id, receivers[i]]),
      );
      expect(claimed).toContainEqual({
        ...{ ...row, id: ids[1], receiver: receivers[1], event: 'message.failed', createdAt: NOW, attempts: 0 },
      });
    });

    it('remember whom they were for, and end each for itself', async () => {
      const node = await living();
      const { accountId, id } = await owed(node);
      const endpoint = newId();
      await rig.store.callbacks.spread([{ accountId, id, node, receivers: ['own', endpoint] }]);
      const result = (over: Partial<CallbackResult>): CallbackResult => {
        return { accountId, id, node, receiver: 'own', attempts: 1, status: 500, next: { kind: 'delivered' }, ...over };
      };
      const copy = `${id}.${endpoint}`;
      const retry = { kind: 'retry', dueAt: NOW + 5_000 } as const;
      await rig.store.callbacks.settle([result({}), result({ id: copy, receiver: endpoint, next: retry })], NOW + 1);
      const get = (receiver: string | null) => rig.store.callbacks.get(accountId, 'test', id, receiver);
      expect(await get(null)).toMatchObject({ id, receiver: 'own', state: 'delivered', finalAt: NOW + 1, dueAt: null });
      expect(await get(endpoint)).toMatchObject({ id: copy, state: 'pending', finalAt: null, dueAt: NOW + 5_000 });
      expect(await get(newId())).toBeNull();
      expect(await rig.store.callbacks.get((await rig.account()).id, 'test', id, null)).toBeNull();
      expect(await rig.store.callbacks.get(accountId, 'live', id, null)).toBeNull();
    });

    it('are told to one alone at the cost of no further row', async () => {
      const node = await living();
      const { accountId, id } = await owed(node);
      const endpoint = newId();
      const next = { kind: 'delivered' } as const;
      await rig.store.callbacks.settle(
        [{ accountId, id, node, receiver: endpoint, attempts: 1, status: 204, next }],
        NOW,
      );
      expect(await page(accountId)).toEqual([{ id, receiver: endpoint, state: 'delivered', attempts: 1 }]);
      expect(await rig.store.callbacks.get(accountId, 'test', id, endpoint)).toMatchObject({ id, status: 204 });
    });

    it('have the one that they are for written down while they are sent to it', async () => {
      const node = await living();
      const { accountId, id } = await owed(node);
      const endpoint = newId();
      const seen = () => rig.store.callbacks.get(accountId, 'test', id, endpoint);
      expect(await seen()).toBeNull();
      expect(await rig.store.callbacks.spread([{ accountId, id, node, receivers: [endpoint] }])).toEqual([true]);
      expect(await page(accountId)).toEqual([{ id, receiver: endpoint, state: 'pending', attempts: 0 }]);
      expect(await seen()).toMatchObject({ id, receiver: endpoint, dueAt: null });
    });

    it('are forgotten where nobody does, and by their own node alone', async () => {
      const [node, other] = [await living(), await living()];
      const { accountId, id } = await owed(node);
      const unwanted = (by: string) => {
        const next = { kind: 'unwanted' } as const;
        return rig.store.callbacks.settle(
          [{ accountId, id, node: by, receiver: null, attempts: 0, status: null, next }],
          NOW,
        );
      };
      await unwanted(other);
      expect(await page(accountId)).toHaveLength(1);
      await unwanted(node);
      expect(await page(accountId)).toEqual([]);
    });

    it('are listed by mode, receiver, state and event, newest first, from where a page ended', async () => {
      const { id: accountId } = await rig.account();
      const node = await living();
      const endpoint = newId();
      const rows = [];
      for (let i = 0; i < 3; i += 1) rows.push(await owed(node, 'test', accountId));
      const live = await owed(node, 'live', accountId);
      const [first] = rows;
      await rig.store.callbacks.spread([{ accountId, id: first?.id ?? '', node, receivers: ['own', endpoint] }]);
      const find = async (filter: object, limit = 10, after: { id: string; createdAt: number } | null = null) =>
        (await rig.store.callbacks.after(accountId, { mode: 'test', ...filter }, limit, after)).map(({ id }) => id);
      const ids = [...rows.map(({ id }) => id), `${first?.id}.${endpoint}`].toSorted().toReversed();
      expect(await find({})).toEqual(ids);
      expect(await find({ mode: 'live' })).toEqual([live.id]);
      expect(await find({ receiver: endpoint })).toEqual([`${first?.id}.${endpoint}`]);
      expect(await find({ event: 'message.sent' })).toEqual([]);
      expect(await find({ event: 'message.failed', state: 'pending' }, 2)).toEqual(ids.slice(0, 2));
      expect(await find({}, 10, { id: ids[1] ?? '', createdAt: NOW })).toEqual(ids.slice(2));
      expect(await find({ state: 'delivered' })).toEqual([]);
    });

    it('are sent again with a fresh set of tries once they have ended, and not before', async () => {
      const [node, heir] = [await living(), await living()];
      const { accountId, id } = await owed(node);
      const replay = () => rig.store.callbacks.replay(accountId, id, NOW + 9);
      expect(await replay()).toBe(false);
      const next = { kind: 'given_up' } as const;
      await rig.store.callbacks.settle(
        [{ accountId, id, node, receiver: 'own', attempts: 10, status: 500, next }],
        NOW,
      );
      expect(await rig.store.callbacks.replay((await rig.account()).id, id, NOW)).toBe(false);
      expect(await replay()).toBe(true);
      expect(await replay()).toBe(false);
      expect(await rig.store.callbacks.get(accountId, 'test', id, null)).toMatchObject({
        ...{ state: 'pending', attempts: 0, status: null, receiver: 'own', dueAt: NOW + 9, finalAt: null },
      });
      expect(await rig.store.callbacks.claim(heir, NOW + 8, 10)).toEqual([]);
      expect(await rig.store.callbacks.claim(heir, NOW + 9, 10)).toMatchObject([{ id, attempts: 0, receiver: 'own' }]);
    });

    it('may be a ping to one endpoint', async () => {
      const { id: accountId } = await rig.account();
      const node = await living();
      const endpoint = newId();
      const secret = { accountId, id: newId(), endpoint, sealed: 's', createdAt: NOW, expiresAt: null };
      const row = { accountId, id: endpoint, mode: 'test', urlSealed: 'u', description: '', events: ['*'] } as const;
      const rest = { state: 'enabled', reason: null, createdAt: NOW, updatedAt: NOW } as const;
      await rig.store.callbackEndpoints.add({ ...row, ...rest }, secret, 10);
      const due = { accountId, id: `${newId()}.ping`, subjectId: endpoint, event: 'ping', createdAt: NOW } as const;
      await rig.store.callbacks.add(due, endpoint);
      expect(await page(accountId)).toEqual([{ id: due.id, receiver: endpoint, state: 'pending', attempts: 0 }]);
      expect(await rig.store.callbacks.claim(node, NOW, 10)).toEqual([{ ...due, receiver: endpoint, attempts: 0 }]);
    });

    it('tell of calls, messages and verifications, a query for each kind', async () => {
      const { id: accountId } = await rig.account();
      const call = {
        caller: '+1',
        anonymous: false,
        instructionId: null,
        spokenMs: 1,
        callbackSealed: 'place',
        warnings: [],
      };
      const spoken = request(accountId, { channel: 'voice', pool: 'voice', call });
      const start = startOf({ callback: true, callbackSealed: 'sealed place', metadata: '{"order":"7"}' });
      const checked = request(accountId, { verification: start });
      await rig.store.accept([spoken, checked], 'sender', NOW);
      const of = [spoken.deliveryId, checked.otpId, checked.deliveryId].map((subjectId) => ({ accountId, subjectId }));
      const { calls, messages, verifications } = rig.store.callbacks;
      expect(await calls([])).toEqual([]);
      expect((await calls(of)).map(({ id, callbackSealed }) => [id, callbackSealed])).toEqual([
        [spoken.deliveryId, 'place'],
      ]);
      expect((await messages(of)).map(({ deliveryId }) => deliveryId).toSorted()).toEqual(
        [spoken.deliveryId, checked.deliveryId].toSorted(),
      );
      expect(await verifications(of)).toEqual([
        {
          ...{ accountId, id: checked.otpId, dialect: checked.dialect, mode: checked.mode, channel: 'sms' },
          ...{ numberSealed: checked.numberSealed, failures: 0, maxAttempts: checked.maxAttempts },
          ...{ metadata: { order: '7' }, callbackSealed: 'sealed place' },
          ...{ createdAt: NOW, expiresAt: checked.expiresAt, finalAt: null },
        },
      ]);
    });
  });
}
