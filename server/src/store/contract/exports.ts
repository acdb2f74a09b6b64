import { describe, expect, it } from 'vitest';
import { idSource } from '../../values/id.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { systemRandom } from '../../values/random.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, request } from './samples.ts';

/** An id as it was made then. */
export function idAt(ms: number): string {
  return idSource(new ManualClock(ms), systemRandom())();
}

/** Long lists, read page by page. */
export function exportContract(open: OpenRig): void {
  describe('exports', () => {
    const rig = useRig(open);
    const ALL = { createdAfter: null, createdBefore: NOW + 1_000_000 };

    async function send(accountId: string, at: number, over: Parameters<typeof request>[1] = {}) {
      const one = request(accountId, { createdAt: at, deliveryId: idAt(at), ...over });
      await rig.store.accept([one], 'me', at);
      return one.deliveryId;
    }

    it('of messages are of one mode and one time, newest first, each once though more come', async () => {
      const { id } = await rig.account();
      const made: string[] = [];
      for (let i = 0; i < 5; i += 1) made.unshift(await send(id, NOW + i * 1000));
      await send(id, NOW, { mode: 'test' });
      await send((await rig.account()).id, NOW);
      const page = (range: typeof ALL | { createdAfter: number; createdBefore: number }, after: string | null = null) =>
        rig.store.exports.messages(id, 'live', range, 2, after);
      const seen: string[] = [];
      for (let rows = await page(ALL); rows.length > 0; rows = await page(ALL, seen.at(-1) ?? null)) {
        seen.push(...rows.map((row) => row.id));
        await send(id, NOW + 900_000);
      }
      expect(seen).toEqual(made);
      const middle = await rig.store.exports.messages(
        id,
        'live',
        { createdAfter: NOW + 1000, createdBefore: NOW + 3000 },
        10,
        null,
      );
      expect(middle.map((row) => row.createdAt)).toEqual([NOW + 2000, NOW + 1000]);
      expect(middle[0]).toMatchObject({
        accountId: id,
        verification: false,
        state: 'queued',
        numberSealed: 'sealed number',
      });
    });

    it('of credits keep a hold beside its end', async () => {
      const { id } = await rig.account(0);
      const grant = (at: number) =>
        rig.store.credits.grant({ accountId: id, id: idAt(at), pool: 'sms', amount: 5, note: null, at });
      await grant(NOW);
      await grant(NOW + 1000);
      const hold = request(id, { createdAt: NOW + 2000, deliveryId: idAt(NOW + 2000) });
      await rig.store.accept([hold], 'me', NOW + 2000);
      const next = { kind: 'final', state: 'sent', reason: null } as const;
      const ended = { accountId: id, deliveryId: hold.deliveryId, node: 'me', at: NOW + 9000, attempt: null, next };
      await rig.store.settle([ended], [], 'me', NOW + 9000);
      const page = async (after: string | null, range = ALL) =>
        (await rig.store.exports.credits(id, range, 1, after)).map(({ kind, subject }) => ({ kind, subject }));
      const first = await page(null);
      expect(first).toEqual([
        { kind: 'hold', subject: hold.deliveryId },
        { kind: 'capture', subject: hold.deliveryId },
      ]);
      expect((await page(hold.deliveryId)).map(({ kind }) => kind)).toEqual(['grant']);
      expect(await page(newId(), { createdAfter: null, createdBefore: NOW })).toEqual([
        // The account's opening voice credits are as old as the account.
      ]);
    });
  });
}
