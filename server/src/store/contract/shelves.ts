import { describe, expect, it } from 'vitest';
import type { HandsetRow } from '../tables/handset.ts';
import type { ReplayAnswer } from '../tables/replays.ts';
import type { CarrierRow } from '../tables/uplinks.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, request } from './samples.ts';

export function shelfContract(open: OpenRig): void {
  describe('carriers', () => {
    const rig = useRig(open);

    it('are put, replaced, listed by priority and deleted', async () => {
      const row = (name: string, priority: number): CarrierRow => {
        return { name, kind: 'smpp', priority, enabled: true, configSealed: 'sealed', updatedAt: NOW };
      };
      for (const one of [row('b', 2), row('Z', 1), row('a', 2)]) await rig.store.carriers.put(one);
      expect((await rig.store.carriers.list()).map(({ name }) => name)).toEqual(['Z', 'a', 'b']);
      const changed = { ...row('b', 0), enabled: false, updatedAt: NOW + 1 };
      await rig.store.carriers.put(changed);
      expect(await rig.store.carriers.get('b')).toEqual(changed);
      expect(await rig.store.carriers.get('none')).toBeNull();
      expect(await rig.store.carriers.delete('b')).toBe(true);
      expect(await rig.store.carriers.delete('b')).toBe(false);
    });
  });

  describe('handset messages', () => {
    const rig = useRig(open);
    const row = (accountId: string, numberDigest: string, receivedAt = NOW): HandsetRow => {
      return { accountId, id: newId(), numberDigest, sealed: 'sealed', receivedAt };
    };

    it('are listed newest first and waited for oldest first, of one number or of all', async () => {
      const { id } = await rig.account();
      const rows = [row(id, 'x'), row(id, 'y'), row(id, 'x')] as const;
      await rig.store.handset.add(rows);
      await rig.store.handset.add([]);
      const [a, b, c] = rows;
      expect(await rig.store.handset.list(id, null, 2)).toEqual([c, b]);
      expect(await rig.store.handset.list(id, 'x', 10)).toEqual([c, a]);
      expect(await rig.store.handset.next(id, null, null)).toEqual(a);
      expect(await rig.store.handset.next(id, 'x', a.id)).toEqual(c);
      expect(await rig.store.handset.next(id, 'y', b.id)).toBeNull();
      expect(await rig.store.handset.next((await rig.account()).id, null, null)).toBeNull();
    });

    it('are swept by age, a piece at a time', async () => {
      const { id } = await rig.account();
      await rig.store.handset.add([row(id, 'x', NOW - 10), row(id, 'x', NOW - 9), row(id, 'x', NOW - 8)]);
      expect(await rig.store.handset.sweep(NOW - 8, 1)).toBe(1);
      expect(await rig.store.handset.sweep(NOW - 8, 9)).toBe(1);
      expect(await rig.store.handset.sweep(NOW - 8, 9)).toBe(0);
    });
  });

  describe('replays', () => {
    const rig = useRig(open);
    const answer = (accountId: string, over: Partial<ReplayAnswer> = {}): ReplayAnswer => {
      return { accountId, key: newId(), bodyDigest: 'body', answerSealed: null, keepUntil: NOW + 1000, ...over };
    };

    it('are claimed by exactly one of many', async () => {
      const one = answer((await rig.account()).id);
      const peer = await rig.peer();
      const found = await Promise.all(
        Array.from({ length: 16 }, (_, i) => (i % 2 ? peer : rig.store).replays.begin(one, NOW)),
      );
      expect(found.filter((row) => row === null)).toHaveLength(1);
      expect(found.filter((row) => row !== null)).toEqual(Array.from({ length: 15 }, () => one));
    });

    it('show the answer once it is there, until their time is over', async () => {
      const one = answer((await rig.account()).id);
      await rig.store.replays.begin(one, NOW);
      await rig.store.replays.finish(one.accountId, one.key, 'answer');
      expect(await rig.store.replays.begin({ ...one, bodyDigest: 'other' }, NOW + 999)).toEqual({
        ...one,
        answerSealed: 'answer',
      });
      expect(await rig.store.replays.begin({ ...one, keepUntil: NOW + 2000 }, NOW + 1000)).toBeNull();
    });

    it('are found without a claim, a send’s too, until their time is over', async () => {
      const { id } = await rig.account();
      const one = answer(id);
      const { replays } = rig.store;
      expect(await replays.find(id, one.key, NOW)).toBeNull();
      await replays.begin(one, NOW);
      expect(await replays.find(id, one.key, NOW)).toEqual(one);
      const replay = { key: newId(), bodyDigest: 'of a send', keepMs: 1000, answerSealed: 'sealed answer' };
      await rig.store.accept([request(id, { replay })], 'node', NOW);
      const { key, bodyDigest, answerSealed } = replay;
      const kept = { accountId: id, key, bodyDigest, answerSealed, keepUntil: NOW + 1000 };
      expect(await replays.find(id, key, NOW + 999)).toEqual(kept);
      expect(await replays.find(id, key, NOW + 1000)).toBeNull();
      expect(await replays.find((await rig.account()).id, key, NOW)).toBeNull();
    });

    it('can be abandoned while unanswered, never after', async () => {
      const one = answer((await rig.account()).id);
      await rig.store.replays.begin(one, NOW);
      await rig.store.replays.abandon(one.accountId, one.key);
      expect(await rig.store.replays.begin(one, NOW)).toBeNull();
      await rig.store.replays.finish(one.accountId, one.key, 'answer');
      await rig.store.replays.abandon(one.accountId, one.key);
      expect(await rig.store.replays.begin(one, NOW)).not.toBeNull();
    });

    it('share their keys with sends: one key, one request', async () => {
      const { id } = await rig.account();
      const taken = answer(id);
      await rig.store.replays.begin(taken, NOW);
      const replay = { key: taken.key, bodyDigest: 'of a send', keepMs: 1000 };
      expect(await rig.store.accept([request(id, { replay })], 'node', NOW)).toMatchObject([
        { accepted: false, refusal: { code: 'idempotency_mismatch' } },
      ]);
      const sent = { key: newId(), bodyDigest: 'of a send', keepMs: 1000 };
      await rig.store.accept([request(id, { replay: sent })], 'node', NOW);
      expect(await rig.store.replays.begin(answer(id, { key: sent.key }), NOW)).toMatchObject({
        bodyDigest: 'of a send',
      });
    });

    it('are swept by age', async () => {
      const { id } = await rig.account();
      await rig.store.replays.begin(answer(id, { keepUntil: NOW - 5 }), NOW - 10);
      expect(await rig.store.replays.sweep(NOW - 5, 10)).toBe(1);
      expect(await rig.store.replays.sweep(NOW - 5, 10)).toBe(0);
    });
  });
}
