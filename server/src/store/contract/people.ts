import { describe, expect, it } from 'vitest';
import type { Session } from '../tables/users.ts';
import { key, user } from './accounts.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId } from './samples.ts';

export function peopleContract(open: OpenRig): void {
  describe('users', () => {
    const rig = useRig(open);

    function session(userId: string, accountId: string, over: Partial<Session> = {}): Session {
      const family = newId();
      return {
        digest: newId(),
        kind: 'access',
        family,
        userId,
        accountId,
        createdAt: NOW,
        expiresAt: NOW + 1000,
        ...over,
      };
    }

    it('are found by e-mail and id, and change their password', async () => {
      const { id } = await rig.account();
      const one = user(id);
      await rig.store.users.create(one);
      expect(await rig.store.users.get(one.id)).toEqual(one);
      await rig.store.users.setPassword(one.id, 'new');
      expect(await rig.store.users.byEmail(one.email)).toEqual({ ...one, passwordHash: 'new' });
      await expect(rig.store.users.create(user(id, { email: one.email }))).rejects.toMatchObject({ code: 'conflict' });
    });

    it('stay signed in until the session runs out or its family is closed', async () => {
      const { id } = await rig.account();
      const one = user(id);
      await rig.store.users.create(one);
      const access = session(one.id, id);
      const refresh = session(one.id, id, { family: access.family, kind: 'refresh', expiresAt: NOW + 5000 });
      await rig.store.users.openSession([access, refresh]);
      expect(await rig.store.users.session(access.digest, NOW + 999)).toEqual({ session: access, user: one });
      expect(await rig.store.users.session(access.digest, NOW + 1000)).toBeNull();
      await rig.store.users.sweepSessions(NOW + 1000);
      expect(await rig.store.users.session(access.digest, NOW)).toBeNull();
      const closed = await Promise.all(Array.from({ length: 6 }, () => rig.store.users.closeFamily(access.family)));
      expect(closed.filter(Boolean)).toHaveLength(1);
      expect(await rig.store.users.session(refresh.digest, NOW)).toBeNull();
    });
  });

  describe('keys', () => {
    const rig = useRig(open);

    it('are found by digest and listed newest first', async () => {
      const { id } = await rig.account();
      const [a, b] = [key(id), key(id, { kind: 'product_token' })];
      await rig.store.keys.create(a);
      await rig.store.keys.create(b);
      expect(await rig.store.keys.byDigest(a.digest)).toEqual(a);
      expect(await rig.store.keys.byDigest('other')).toBeNull();
      expect(await rig.store.keys.list(id)).toEqual([b, a]);
    });

    it('are rotated with an overlap: only those of the same account, kind and mode end', async () => {
      const { id } = await rig.account();
      const [old, test, token] = [key(id), key(id, { mode: 'test' }), key(id, { kind: 'product_token' })];
      const foreign = key((await rig.account()).id);
      for (const one of [old, test, token, foreign]) await rig.store.keys.create(one);
      const next = key(id);
      await rig.store.keys.rotate(next, NOW + 60_000);
      expect(await rig.store.keys.list(id)).toEqual([next, token, test, { ...old, revokedAt: NOW + 60_000 }]);
      expect(await rig.store.keys.byDigest(foreign.digest)).toEqual(foreign);
    });

    it('are added up to a number that work, however many are added at once', async () => {
      const peer = await rig.peer();
      const { id: accountId } = await rig.account();
      const ended = key(accountId, { revokedAt: NOW });
      for (const one of [ended, key(accountId, { revokedAt: NOW + 1 })]) await rig.store.keys.create(one);
      const added = await Promise.all(
        Array.from({ length: 20 }, (_, i) => {
          const one = { ...key(accountId, { mode: i % 4 < 2 ? 'test' : 'live' }), accountId };
          return (i % 2 === 0 ? rig.store : peer).keys.add(one, 6, NOW);
        }),
      );
      expect(added.filter(Boolean)).toHaveLength(5);
      expect(await rig.store.keys.list(accountId)).toHaveLength(7);
      const foreign = (await rig.account()).id;
      expect(await rig.store.keys.add({ ...key(foreign), accountId: foreign }, 1, NOW)).toBe(true);
    });

    it('are revoked once, by their own account', async () => {
      const { id } = await rig.account();
      const one = key(id);
      await rig.store.keys.create(one);
      expect(await rig.store.keys.revoke((await rig.account()).id, one.id, NOW)).toBe(false);
      expect(await rig.store.keys.revoke(id, 'none', NOW)).toBe(false);
      expect(await rig.store.keys.revoke(id, one.id, NOW)).toBe(true);
      expect(await rig.store.keys.revoke(id, one.id, NOW)).toBe(false);
      expect((await rig.store.keys.byDigest(one.digest))?.revokedAt).toBe(NOW);
    });

    it('note their last use, never backwards', async () => {
      const { id } = await rig.account();
      const [a, b] = [key(id), key(id)];
      await rig.store.keys.create(a);
      await rig.store.keys.create(b);
      await rig.store.keys.touch([
        { id: b.id, at: NOW + 2 },
        { id: a.id, at: NOW + 3 },
      ]);
      await rig.store.keys.touch([{ id: a.id, at: NOW + 1 }]);
      await rig.store.keys.touch([]);
      expect((await rig.store.keys.list(id)).map(({ lastUsedAt }) => lastUsedAt)).toEqual([NOW + 2, NOW + 3]);
    });
  });

  describe('the revision', () => {
    const rig = useRig(open);

    it('moves with every change of accounts, users, keys and carriers, seen from anywhere', async () => {
      const peer = await rig.peer();
      const account = await rig.account();
      const [someone, secret] = [user(account.id), key(account.id)];
      const carrier = {
        name: 'c',
        kind: 'smpp',
        priority: 1,
        enabled: true,
        configSealed: 'x',
        updatedAt: NOW,
      } as const;
      const changes: (() => Promise<unknown>)[] = [
        () => rig.account(),
        () => rig.store.accounts.patch(account.id, { name: 'Other' }),
        () => rig.store.users.create(someone),
        () => rig.store.users.setPassword(someone.id, 'new'),
        () => rig.store.keys.create(secret),
        () => rig.store.keys.add({ ...key(account.id), accountId: account.id }, 9, NOW),
        () => rig.store.keys.rotate(key(account.id), NOW + 1000),
        () => rig.store.keys.revoke(account.id, secret.id, NOW),
        () => rig.store.carriers.put(carrier),
        () => rig.store.carriers.put({ ...carrier, enabled: false }),
        () => rig.store.carriers.delete('c'),
      ];
      for (const change of changes) {
        const before = await peer.revision();
        await change();
        expect(await peer.revision()).toBeGreaterThan(before);
      }
    });

    it('stands still when a key is only used', async () => {
      const { id } = await rig.account();
      const one = key(id);
      await rig.store.keys.create(one);
      const before = await rig.store.revision();
      await rig.store.keys.touch([{ id: one.id, at: NOW }]);
      expect(await rig.store.revision()).toBe(before);
    });
  });
}
