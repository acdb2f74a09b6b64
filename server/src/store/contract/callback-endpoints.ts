import { describe, expect, it } from 'vitest';
import type { CallbackEndpointRow } from '../tables/callback-endpoints.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId } from './samples.ts';

const HOUR_MS = 3_600_000;

/** Where callbacks go besides an account's own URL. */
export function callbackEndpointContract(open: OpenRig): void {
  describe('callback endpoints', () => {
    const rig = useRig(open);

    function rowOf(accountId: string, over: Partial<CallbackEndpointRow> = {}): CallbackEndpointRow {
      return {
        ...{ accountId, id: newId(), mode: 'test', urlSealed: 'sealed', description: 'ours', events: ['*'] },
        ...{ state: 'enabled', reason: null, createdAt: NOW, updatedAt: NOW },
        ...over,
      };
    }
    const secretOf = ({ accountId, id: endpoint }: CallbackEndpointRow, sealed = 'secret') => {
      return { accountId, id: newId(), endpoint, sealed, createdAt: NOW, expiresAt: null };
    };
    const add = (row: CallbackEndpointRow, most = 10) => rig.store.callbackEndpoints.add(row, secretOf(row), most);
    const sealed = async (accountId: string, now = NOW) =>
      (await rig.store.signingSecrets.list(accountId, now)).map((one) => `${one.endpoint ?? 'own'} ${one.sealed}`);

    it('are listed newest first, changed and deleted, each account’s apart', async () => {
      const [{ id }, { id: other }] = [await rig.account(), await rig.account()];
      const [older, newer] = [rowOf(id), rowOf(id, { mode: 'live', events: ['call.finished'] })];
      expect([await add(older), await add(newer), await add(rowOf(other))]).toEqual([true, true, true]);
      const endpoints = rig.store.callbackEndpoints;
      expect(await endpoints.list(id)).toEqual([newer, older]);
      expect(await endpoints.get(id, older.id)).toEqual(older);
      expect(await endpoints.get(other, older.id)).toBeNull();
      const patch = { state: 'disabled', reason: 'switched_off', urlSealed: 'another' } as const;
      const changed = { ...older, ...patch, updatedAt: NOW + 1 };
      expect(await endpoints.patch(id, older.id, patch, NOW + 1)).toEqual(changed);
      expect(await endpoints.patch(other, older.id, patch, NOW + 1)).toBeNull();
      expect(await endpoints.delete(other, older.id)).toBe(false);
      expect(await endpoints.delete(id, older.id)).toBe(true);
      expect(await endpoints.list(id)).toEqual([newer]);
    });

    it('say at their accounts what they listen to, and move the revision', async () => {
      const { id } = await rig.account();
      const heard = async () => (await rig.store.accounts.get(id))?.listens;
      const revisions = [await rig.store.revision()];
      const moved = async () => revisions.push(await rig.store.revision());
      const all = ['message', 'call', 'verification'];
      expect(await heard()).toEqual({ test: [], live: [] });
      const [some, more, live] = [
        rowOf(id, { events: ['message.sent', 'message.failed'] }),
        rowOf(id, { events: ['verification.approved', 'message.sent'] }),
        rowOf(id, { mode: 'live' }),
      ];
      for (const [row, then] of [
        [some, { test: ['message'], live: [] }],
        [more, { test: ['message', 'verification'], live: [] }],
        [live, { test: ['message', 'verification'], live: all }],
      ] as const) {
        await add(row);
        expect(await heard()).toEqual(then);
        await moved();
      }
      await rig.store.callbackEndpoints.patch(id, more.id, { state: 'disabled', reason: 'gone' }, NOW);
      expect(await heard()).toEqual({ test: ['message'], live: all });
      await moved();
      await rig.store.callbackEndpoints.delete(id, live.id);
      expect((await rig.store.accounts.list(1, null)).map(({ listens }) => listens)).toEqual([
        { test: ['message'], live: [] },
      ]);
      await moved();
      expect(revisions).toEqual([...new Set(revisions)].toSorted((a, b) => a - b));
    });

    it('keep to the most of each mode, also when they are made at once', async () => {
      const { id } = await rig.account();
      const peer = await rig.peer();
      const made = await Promise.all(
        Array.from({ length: 8 }, (_, i) => {
          const row = rowOf(id);
          return (i % 2 ? peer : rig.store).callbackEndpoints.add(row, secretOf(row), 3);
        }),
      );
      expect(made.filter(Boolean)).toHaveLength(3);
      expect(await rig.store.callbackEndpoints.list(id)).toHaveLength(3);
      // What was not added has left no secret behind.
      expect(await sealed(id)).toHaveLength(3);
      expect(await add(rowOf(id, { mode: 'live' }), 3)).toBe(true);
    });

    it('have secrets of their own, rotated by themselves and deleted with them', async () => {
      const { id } = await rig.account();
      const [one, two] = [rowOf(id), rowOf(id)];
      await rig.store.signingSecrets.addFirst({ ...secretOf(one, 'ours'), endpoint: null });
      await add(one);
      await add(two);
      const fresh = { ...secretOf(one, 'fresh'), createdAt: NOW + 1 };
      await rig.store.signingSecrets.rotate(fresh, NOW + HOUR_MS, 10);
      const all = [`${one.id} fresh`, `${two.id} secret`, `${one.id} secret`, 'own ours'];
      expect(await sealed(id, NOW + HOUR_MS - 1)).toEqual(all);
      expect(await sealed(id, NOW + HOUR_MS)).toEqual(all.filter((secret) => secret !== `${one.id} secret`));
      await rig.store.callbackEndpoints.delete(id, one.id);
      expect(await sealed(id)).toEqual([`${two.id} secret`, 'own ours']);
    });

    it.each([
      ['an endpoint’s', rowOf('none').id],
      ['the account’s own', null],
    ])('secrets keep to the most, %s alone, also when they are drawn at once', async (_, endpoint) => {
      const { id } = await rig.account();
      const [peer, row] = [await rig.peer(), rowOf(id)];
      const drawn = (over: object = {}) => ({ ...secretOf(row), endpoint, ...over });
      for (const owner of [endpoint, newId()]) await rig.store.signingSecrets.addFirst(drawn({ endpoint: owner }));
      const rotated = await Promise.all(
        Array.from({ length: 12 }, (_, i) => {
          const { signingSecrets } = i % 2 ? peer : rig.store;
          return signingSecrets.rotate(drawn({ createdAt: NOW + 1 }), NOW + HOUR_MS, 4);
        }),
      );
      expect(rotated.filter((how) => how === 'drawn')).toHaveLength(3);
      expect(rotated.filter((how) => how === 'too_many')).toHaveLength(9);
      const owned = (await rig.store.signingSecrets.list(id, NOW)).filter((one) => one.endpoint === endpoint);
      expect(owned.map(({ expiresAt }) => expiresAt).toSorted()).toEqual([...Array(3).fill(NOW + HOUR_MS), null]);
      // There is room again when those before have ended.
      const later = drawn({ createdAt: NOW + HOUR_MS });
      expect(await rig.store.signingSecrets.rotate(later, NOW + 2 * HOUR_MS, 4)).toBe('drawn');
    });

    it('that are removed while their secret is rotated leave none behind', async () => {
      const { id } = await rig.account();
      const peer = await rig.peer();
      for (let i = 0; i < 8; i += 1) {
        const row = rowOf(id);
        await add(row);
        const fresh = { ...secretOf(row), createdAt: NOW + 1 };
        await Promise.all([
          peer.signingSecrets.rotate(fresh, NOW + HOUR_MS, 10),
          rig.store.callbackEndpoints.delete(id, row.id),
        ]);
        expect(await rig.store.signingSecrets.rotate(fresh, NOW + HOUR_MS, 10)).toBe('owner_gone');
      }
      expect(await sealed(id)).toEqual([]);
    });

    it('that are gone are disabled once, and not if their URL is another by now', async () => {
      const { id } = await rig.account();
      const row = rowOf(id);
      await add(row);
      const gone = (url: string) => rig.store.callbackEndpoints.disableGone(id, row.id, url, NOW + 1);
      expect([await gone('another'), await gone('sealed'), await gone('sealed')]).toEqual([false, true, false]);
      expect(await rig.store.callbackEndpoints.get(id, row.id)).toEqual({
        ...row,
        ...{ state: 'disabled', reason: 'gone', updatedAt: NOW + 1 },
      });
    });
  });
}
