import { describe, expect, it } from 'vitest';
import type { AudioRow } from '../tables/audio.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId } from './samples.ts';

/** What accounts keep here besides their codes: sounds, and the secrets that callbacks are signed with. */
export function belongingsContract(open: OpenRig): void {
  describe('audio', () => {
    const rig = useRig(open);
    const MOST = { files: 10, samples: 100 };
    const row = (accountId: string, path: string, over: Partial<AudioRow> = {}): AudioRow => {
      return { accountId, path, pcm: 'AAAA', samples: 2, source: '8000 Hz, 1 channel, pcm16', updatedAt: NOW, ...over };
    };

    it('is put, replaced, listed by path and deleted, each account’s apart', async () => {
      const [{ id }, { id: other }] = [await rig.account(), await rig.account()];
      for (const path of ['/intro.wav', '/spelling/en-gb/2.wav', '/spelling/en-gb/1.wav']) {
        expect(await rig.store.audio.put(row(id, path), MOST)).toBe(true);
      }
      const before = await rig.store.revision();
      expect(await rig.store.audio.put(row(id, '/intro.wav', { pcm: 'BBBB', updatedAt: NOW + 1 }), MOST)).toBe(true);
      expect(await rig.store.revision()).toBeGreaterThan(before);
      expect(await rig.store.audio.get(id, '/intro.wav')).toEqual(
        row(id, '/intro.wav', { pcm: 'BBBB', updatedAt: NOW + 1 }),
      );
      expect(await rig.store.audio.get(other, '/intro.wav')).toBeNull();
      expect((await rig.store.audio.list(id, '/spelling/')).map(({ path }) => path)).toEqual([
        '/spelling/en-gb/1.wav',
        '/spelling/en-gb/2.wav',
      ]);
      expect(await rig.store.audio.list(id, '/')).toHaveLength(3);
      expect(await rig.store.audio.delete(other, '/intro.wav')).toBe(false);
      expect(await rig.store.audio.delete(id, '/intro.wav')).toBe(true);
      expect(await rig.store.audio.delete(id, '/intro.wav')).toBe(false);
    });

    it('keeps to the most files, also when they come at once, and lets one be replaced when it is full', async () => {
      const { id } = await rig.account();
      const peer = await rig.peer();
      const puts = Array.from({ length: 8 }, (_, i) =>
        (i % 2 ? peer : rig.store).audio.put(row(id, `/${i}.wav`), { files: 3, samples: 100 }),
      );
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(3);
      const [kept] = await rig.store.audio.list(id, '/');
      expect(await rig.store.audio.put(row(id, kept?.path ?? '', { samples: 3 }), { files: 3, samples: 100 })).toBe(
        true,
      );
      expect(await rig.store.audio.list(id, '/')).toHaveLength(3);
    });

    it('keeps to the most sound, what is replaced not counted', async () => {
      const { id } = await rig.account();
      const most = { files: 10, samples: 5 };
      const put = (path: string, samples: number) => rig.store.audio.put(row(id, path, { samples }), most);
      expect([await put('/a.wav', 3), await put('/b.wav', 3), await put('/a.wav', 5), await put('/b.wav', 1)]).toEqual([
        ...[true, false, true, false],
      ]);
    });
  });

  describe('signing secrets', () => {
    const rig = useRig(open);

    it('are rotated: the old one signs until its time is up', async () => {
      const { id: accountId } = await rig.account();
      const secret = (sealed: string, createdAt: number) => ({
        accountId,
        id: newId(),
        endpoint: null,
        sealed,
        createdAt,
        expiresAt: null,
      });
      expect(await rig.store.signingSecrets.list(accountId, NOW)).toEqual([]);
      await rig.store.signingSecrets.addFirst(secret('one', NOW));
      await rig.store.signingSecrets.rotate(secret('two', NOW + 1), NOW + 1000, 10);
      const inForce = async (now: number) =>
        (await rig.store.signingSecrets.list(accountId, now)).map(({ sealed }) => sealed);
      expect(await inForce(NOW + 999)).toEqual(['two', 'one']);
      expect(await inForce(NOW + 1000)).toEqual(['two']);
      await rig.store.signingSecrets.rotate(secret('three', NOW + 2000), NOW + 3000, 10);
      expect(await inForce(NOW + 2000)).toEqual(['three', 'two']);
    });
  });

  describe('trunks', () => {
    const rig = useRig(open);

    it('stand beside the carriers, under names of their own', async () => {
      const row = { name: 'main', priority: 1, enabled: true, configSealed: 'sealed', updatedAt: NOW };
      const before = await rig.store.revision();
      await rig.store.trunks.put({ ...row, kind: 'sip' });
      await rig.store.carriers.put({ ...row, kind: 'smpp' });
      expect(await rig.store.revision()).toBeGreaterThan(before);
      expect(await rig.store.trunks.list()).toEqual([{ ...row, kind: 'sip' }]);
      expect(await rig.store.trunks.delete('main')).toBe(true);
      expect(await rig.store.carriers.get('main')).toEqual({ ...row, kind: 'smpp' });
    });
  });
}
