import { describe, expect, it } from 'vitest';
import type { CallbackEndpointRow } from '../tables/callback-endpoints.ts';
import type { CallbackResult } from '../tables/callbacks.ts';
import { livingNodes } from './living-nodes.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, request, startOf } from './samples.ts';

const HOUR_MS = 3_600_000;

/** Where callbacks go besides an account's own URL, and callbacks that several want. */
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
