import { describe, expect, it } from 'vitest';
import { livingNodes } from './living-nodes.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId } from './samples.ts';

/** What waits for an endpoint that is disabled, when it is enabled again. */
export function dropWaitingContract(open: OpenRig): void {
  describe('callbacks that wait for an endpoint when it is enabled again', () => {
    const rig = useRig(open);
    const living = livingNodes(rig);

    async function endpointOf(accountId: string): Promise<string> {
      const endpoint = newId();
      const secret = { accountId, id: newId(), endpoint, sealed: 's', createdAt: NOW, expiresAt: null };
      const row = { accountId, id: endpoint, mode: 'test', urlSealed: 'u', description: '', events: ['*'] } as const;
      const rest = { state: 'enabled', reason: null, createdAt: NOW, updatedAt: NOW } as const;
      await rig.store.callbackEndpoints.add({ ...row, ...rest }, secret, 10);
      return endpoint;
    }

    const disable = (accountId: string, endpoint: string) =>
      rig.store.callbackEndpoints.patch(accountId, endpoint, { state: 'disabled', reason: 'switched_off' }, NOW + 8);
    const enable = (accountId: string, endpoint: string) =>
      rig.store.callbackEndpoints.patch(accountId, endpoint, { state: 'enabled', reason: null }, NOW + 9);

    it('are dropped, but for what a node holds; others’ go on waiting', async () => {
      const node = await living();
      const { id: accountId } = await rig.account();
      const [one, two] = [await endpointOf(accountId), await endpointOf(accountId)];
      const owed = async (receiver: string) => {
        const id = `${newId()}.ping`;
        await rig.store.callbacks.add({ accountId, id, subjectId: one, event: 'ping', createdAt: NOW }, receiver);
        return id;
      };
      const held = await owed(one);
      await rig.store.callbacks.claim(node, NOW, 10);
      const [ours, theirs, own] = [await owed(one), await owed(two), await owed('own')];
      const states = async () => {
        const rows = await rig.store.callbacks.after(accountId, { mode: 'test' }, 100, null);
        return Object.fromEntries(rows.map(({ id, state, finalAt }) => [id, [state, finalAt]]));
      };
      const pending = Object.fromEntries([held, ours, theirs, own].map((id) => [id, ['pending', null]]));
      await disable(accountId, one);
      await rig.store.callbackEndpoints.patch(accountId, one, { description: 'moved' }, NOW + 9);
      await enable((await rig.account()).id, one);
      await enable(accountId, two);
      expect(await states()).toEqual(pending);
      await enable(accountId, one);
      expect(await states()).toEqual({ ...pending, [ours]: ['disabled', NOW + 9] });
      await rig.store.callbackEndpoints.disableGone(accountId, two, 'u', NOW + 8);
      await enable(accountId, two);
      expect(await states()).toEqual({
        ...pending,
        ...{ [ours]: ['disabled', NOW + 9], [theirs]: ['disabled', NOW + 9] },
      });
    });

    it('are dropped however many they are', async () => {
      const { id: account_id } = await rig.account();
      const endpoint = await endpointOf(account_id);
      const row = { account_id, subject_id: endpoint, event: 'ping', state: 'pending', receiver: endpoint } as const;
      // Of one moment: where a batch ends, the id tells which have been seen.
      const rows = Array.from({ length: 1_100 }, () => {
        return { ...row, id: `${newId()}.ping`, attempts: 1, due_at: NOW + 5_000, created_at: NOW };
      });
      await (await rig.database()).insertInto('callbacks').values(rows).execute();
      await disable(account_id, endpoint);
      await enable(account_id, endpoint);
      const found = await rig.store.callbacks.after(account_id, { mode: 'test', receiver: endpoint }, 9_999, null);
      expect(found.filter(({ state }) => state === 'disabled')).toHaveLength(rows.length);
    });
  });
}
