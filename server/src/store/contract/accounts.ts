import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../rules/account-settings.ts';
import type { ApiKey } from '../tables/keys.ts';
import type { User } from '../tables/users.ts';
import { type OpenRig, useRig } from './rig.ts';
import { defaultAccount, NOW, newId } from './samples.ts';

export function key(accountId: string | null, over: Partial<ApiKey> = {}): ApiKey {
  const id = newId();
  return {
    id,
    accountId,
    kind: 'api_key',
    mode: 'live',
    digest: `digest ${id}`,
    hint: 'pb_live_…abcd',
    name: 'main',
    createdAt: NOW,
    lastUsedAt: null,
    revokedAt: null,
    ...over,
  };
}

export function user(accountId: string, over: Partial<User> = {}): User {
  const id = newId();
  return {
    id,
    accountId,
    email: `${id}@example.org`,
    passwordHash: '$argon2id$…',
    role: 'member',
    profile: { firstName: 'Rija', lastName: 'M', contactNumber: null, address: null },
    createdAt: NOW,
    ...over,
  };
}

export function accountContract(open: OpenRig): void {
  describe('accounts', () => {
    const rig = useRig(open);

    it('are created with both balances at 0, and read back', async () => {
      const account = defaultAccount({ settings: { ...defaultSettings, countries: ['NP', 'IN'], sender: 'Acme' } });
      await rig.store.accounts.create(account);
      expect(await rig.store.accounts.get(account.id)).toEqual(account);
      expect(await rig.store.accounts.byLogin(account.login)).toEqual(account);
      const none = { granted: 0, held: 0, captured: 0 };
      expect(await rig.store.credits.balances(account.id)).toEqual({ sms: none, voice: none });
      expect(await rig.store.accounts.get(newId())).toBeNull();
      expect(await rig.store.accounts.get('none')).toBeNull();
    });

    it('open with users, keys and first credits, or not at all', async () => {
      const account = defaultAccount();
      const [someone, secret] = [user(account.id), key(account.id)];
      const grants = [
        { id: newId(), pool: 'sms' as const, amount: 20, note: 'first' },
        { id: newId(), pool: 'sms' as const, amount: 5, note: 'second' },
      ];
      await rig.store.accounts.open({
        account,
        users: [someone],
        keys: [secret, key(null, { kind: 'admin_token' })],
        grants,
      });
      expect(await rig.store.users.byEmail(someone.email)).toEqual(someone);
      expect(await rig.store.keys.byDigest(secret.digest)).toEqual(secret);
      expect((await rig.store.credits.balances(account.id)).sms.granted).toBe(25);
      expect((await rig.store.credits.sums(account.id)).sms).toEqual({
        granted: 25,
        held: 0,
        captured: 0,
        openHolds: 0,
      });

      const second = defaultAccount();
      const again = { account: second, users: [user(second.id, { email: someone.email })], keys: [], grants: [] };
      await expect(rig.store.accounts.open(again)).rejects.toMatchObject({
        code: 'conflict',
        detail: { field: 'email' },
      });
      expect(await rig.store.accounts.get(second.id)).toBeNull();
    });

    it('of one login exist once, however many are created at once', async () => {
      const peer = await rig.peer();
      const login = newId();
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => (i % 2 ? peer : rig.store).accounts.create(defaultAccount({ login }))),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected')
          expect(result.reason).toMatchObject({ code: 'conflict', detail: { field: 'login' } });
      }
    });

    it('are patched field by field', async () => {
      const account = await rig.account();
      const patch = { name: 'Other', disabledAt: NOW, settings: { ...defaultSettings, ttlSeconds: 60 } };
      expect(await rig.store.accounts.patch(account.id, patch)).toEqual({ ...account, ...patch });
      expect(await rig.store.accounts.patch(account.id, { disabledAt: null })).toMatchObject({
        name: 'Other',
        disabledAt: null,
      });
      expect(await rig.store.accounts.patch(account.id, {})).toMatchObject({ name: 'Other' });
      expect(await rig.store.accounts.patch(newId(), { name: 'None' })).toBeNull();
    });

    it('are listed newest first, and counted', async () => {
      const before = await rig.store.accounts.count();
      const [a, b, c] = [await rig.account(), await rig.account(), await rig.account()];
      expect((await rig.store.accounts.list(2, null)).map(({ id }) => id)).toEqual([c.id, b.id]);
      expect((await rig.store.accounts.list(1, b.id)).map(({ id }) => id)).toEqual([a.id]);
      expect(await rig.store.accounts.count()).toBe(before + 3);
    });
  });

  describe('credits', () => {
    const rig = useRig(open);
    const grant = (accountId: string, amount: number) =>
      rig.store.credits.grant({ accountId, id: newId(), pool: 'sms', amount, note: 'top-up', at: NOW });

    it('are granted and taken back, never below what is available', async () => {
      const { id } = await rig.account(10);
      expect(await grant(id, 5)).toEqual({ granted: 15, held: 0, captured: 0 });
      expect(await grant(id, -15)).toEqual({ granted: 0, held: 0, captured: 0 });
      await expect(grant(id, -1)).rejects.toMatchObject({
        code: 'credits_exhausted',
        detail: { pool: 'sms', missing: 1 },
      });
      await expect(grant(newId(), 1)).rejects.toMatchObject({ code: 'not_found' });
      expect((await rig.store.credits.sums(id)).sms).toEqual({ granted: 0, held: 0, captured: 0, openHolds: 0 });
    });

    it('taken back at once by many stop at 0', async () => {
      const { id } = await rig.account(10);
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => grant(id, -1)));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
      expect((await rig.store.credits.balances(id)).sms.granted).toBe(0);
    });

    it('are listed by subject, newest first', async () => {
      const { id } = await rig.account(10, 0);
      await grant(id, 1);
      await grant(id, 2);
      const page = await rig.store.credits.list(id, 2, null);
      expect(page.map(({ amount, kind }) => [kind, amount])).toEqual([
        ['grant', 2],
        ['grant', 1],
      ]);
      const rest = await rig.store.credits.list(id, 2, page[1]?.subject ?? null);
      expect(rest.map(({ amount }) => amount)).toEqual([10]);
    });
  });
}
