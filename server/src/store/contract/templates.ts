import { describe, expect, it } from 'vitest';
import { type OpenRig, useRig } from './rig.ts';
import { NOW } from './samples.ts';

export function templateContract(open: OpenRig): void {
  describe('templates', () => {
    const rig = useRig(open);

    it('are put, replaced, listed by name and removed, each account’s apart', async () => {
      const [{ id: accountId }, { id: other }] = [await rig.account(), await rig.account()];
      const row = {
        accountId,
        name: 'login',
        texts: { fr: '{code} à vous', en: '{code}' },
        spoken: {},
        updatedAt: NOW,
      };
      expect(await rig.store.templates.put(row, 10)).toBe(true);
      expect(await rig.store.templates.put({ ...row, name: 'a' }, 10)).toBe(true);
      expect(await rig.store.templates.get(accountId, 'login')).toEqual(row);
      expect(Object.keys((await rig.store.templates.get(accountId, 'login'))?.texts ?? {})).toEqual(['fr', 'en']);
      expect(await rig.store.templates.get(other, 'login')).toBeNull();
      const newer = { ...row, texts: { en: 'Now {code}' }, updatedAt: NOW + 1 };
      expect(await rig.store.templates.put(newer, 10)).toBe(true);
      expect(await rig.store.templates.list(accountId)).toEqual([{ ...row, name: 'a' }, newer]);
      expect(await rig.store.templates.remove(other, 'login')).toBe(false);
      expect(await rig.store.templates.remove(accountId, 'login')).toBe(true);
      expect(await rig.store.templates.remove(accountId, 'login')).toBe(false);
    });

    it('are no more than may be, also when they come at once', async () => {
      const { id: accountId } = await rig.account();
      const row = (name: string) => ({ accountId, name, texts: { en: '{code}' }, spoken: {}, updatedAt: NOW });
      const put = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => rig.store.templates.put(row(name), 3)));
      expect(put.filter((taken) => taken)).toHaveLength(3);
      const [first] = await rig.store.templates.list(accountId);
      expect(await rig.store.templates.put(row(first?.name ?? ''), 3)).toBe(true);
    });
  });
}
