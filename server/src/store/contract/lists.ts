import { describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import type { OtpFilter } from '../tables/otps.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, outcome, request } from './samples.ts';

export function listContract(open: OpenRig): void {
  describe('otps', () => {
    const rig = useRig(open);

    /** Accepts one otp per entry, in order; returns their ids, newest first, as lists show them. */
    async function accepted(accountId: string, entries: readonly Partial<AcceptRequest>[]): Promise<string[]> {
      const batch = entries.map((over) => request(accountId, over));
      await rig.store.accept(batch, 'node', NOW);
      return batch.map(({ otpId }) => otpId).reverse();
    }

    async function idsOf(accountId: string, filter: OtpFilter, limit = 100, offset = 0): Promise<string[]> {
      return (await rig.store.otps.page(accountId, filter, limit, offset)).map(({ id }) => id);
    }

    it('pages by offset, newest first, and counts', async () => {
      const { id } = await rig.account();
      const ids = await accepted(
        id,
        Array.from({ length: 7 }, () => ({})),
      );
      for (const filter of [{}, { dialect: 'tingting' }] as const) {
        expect(await idsOf(id, filter, 3, 0)).toEqual(ids.slice(0, 3));
        expect(await idsOf(id, filter, 3, 3)).toEqual(ids.slice(3, 6));
        expect(await idsOf(id, filter, 3, 6)).toEqual(ids.slice(6));
        expect(await idsOf(id, filter, 3, 9)).toEqual([]);
        expect(await rig.store.otps.count(id, filter)).toBe(7);
      }
    });

    it('pages one dialect among several, numbered or not', async () => {
      const { id } = await rig.account();
      const entries = Array.from({ length: 9 }, (_, i) =>
        i % 3 === 0
          ? { dialect: 'native' as const, numbered: false }
          : i % 3 === 1
            ? { dialect: 'octopush' as const }
            : {},
      );
      const ids = await accepted(id, entries);
      const of = (rest: number) => ids.filter((_, i) => (8 - i) % 3 === rest);
      expect(await idsOf(id, { dialect: 'tingting' }, 2, 1)).toEqual(of(2).slice(1));
      expect(await idsOf(id, { dialect: 'native' })).toEqual(of(0));
      expect(await idsOf(id, { dialect: 'octopush' })).toEqual(of(1));
      expect(await rig.store.otps.count(id, { dialect: 'native' })).toBe(3);
      expect(await rig.store.otps.count(id, { dialect: 'cm' })).toBe(0);
      expect(await idsOf(id, { dialect: 'cm' })).toEqual([]);
    });

    it('walks from an id onward', async () => {
      const { id } = await rig.account();
      const ids = await accepted(
        id,
        Array.from({ length: 5 }, () => ({})),
      );
      const after = async (last: string | null) => (await rig.store.otps.after(id, {}, 2, last)).map((row) => row.id);
      expect(await after(null)).toEqual(ids.slice(0, 2));
      expect(await after(ids[1] ?? null)).toEqual(ids.slice(2, 4));
      expect(await after(ids[4] ?? null)).toEqual([]);
    });

    it('filters', async () => {
      const { id } = await rig.account();
      const [call, other, variant, old, plain] = await accepted(id, [
        {},
        { createdAt: NOW - 1000 },
        { options: '{"a":1,"otp_options":"personnel"}' },
        { numberDigest: 'another number', mode: 'test' },
        { channel: 'voice', pool: 'voice' },
      ]);
      expect(await idsOf(id, { channel: 'voice' })).toEqual([call]);
      expect(await idsOf(id, { channel: 'sms' }, 2, 1)).toEqual([variant, old]);
      expect(await rig.store.otps.count(id, { channel: 'sms' })).toBe(4);
      expect(await rig.store.otps.count(id, { dialect: 'tingting', channel: 'voice' })).toBe(1);
      expect(await idsOf(id, { mode: 'test' })).toEqual([other]);
      expect(await idsOf(id, { numberDigest: 'another number' })).toEqual([other]);
      expect(await idsOf(id, { numberDigest: 'another number', mode: 'live' })).toEqual([]);
      expect(await idsOf(id, { variant: 'personnel' })).toEqual([variant]);
      expect(await idsOf(id, { variant: 'Personnel' })).toEqual([]);
      expect(await idsOf(id, { variant: '%' })).toEqual([]);
      expect(await idsOf(id, { createdBefore: NOW - 1000 })).toEqual([old]);
      expect(await idsOf(id, { createdAfter: NOW })).toEqual([call, other, variant, plain]);
      expect(await rig.store.otps.count(id, { dialect: 'tingting', mode: 'live', channel: 'sms' })).toBe(3);
    });

    it('finds a number among thousands, first, middle and last', async () => {
      const { id } = await rig.account(10_000);
      const ids: string[] = [];
      for (let batch = 0; batch < 5; batch += 1) {
        const entries = Array.from({ length: 600 }, (_, i) => ({
          numberDigest: i === 0 ? 'wanted' : `other ${batch} ${i}`,
        }));
        ids.push(...(await accepted(id, entries)).reverse());
      }
      const wanted = ids.filter((_, i) => i % 600 === 0).reverse();
      expect(await idsOf(id, { numberDigest: 'wanted' })).toEqual(wanted);
      expect(await idsOf(id, { numberDigest: 'wanted' }, 2, 2)).toEqual(wanted.slice(2, 4));
      expect(await rig.store.otps.count(id, { numberDigest: 'wanted' })).toBe(5);
      expect(await idsOf(id, { numberDigest: 'other 4 599' })).toEqual(ids.slice(-1));
    });

    it('answers many at once', async () => {
      const { id } = await rig.account();
      const ids = await accepted(
        id,
        Array.from({ length: 3 }, () => ({})),
      );
      const answers = await Promise.all(Array.from({ length: 60 }, () => idsOf(id, { mode: 'live' })));
      expect(answers).toEqual(Array.from({ length: 60 }, () => ids));
    });

    it('never shows what belongs to another account', async () => {
      const [mine, foreign] = [await rig.account(), await rig.account()];
      const one = request(mine.id);
      await rig.store.accept([one], 'node', NOW);
      expect(await rig.store.otps.get(foreign.id, one.otpId)).toBeNull();
      expect(await rig.store.otps.attempts(foreign.id, one.deliveryId)).toEqual([]);
      expect(await idsOf(foreign.id, {})).toEqual([]);
      expect(await rig.store.otps.count(foreign.id, { dialect: 'tingting' })).toBe(0);
    });

    it('knows nothing under an id that is none', async () => {
      const { id } = await rig.account();
      for (const odd of ['', 'x', "' OR 1=1 --", newId().toUpperCase().slice(1), '\u0000']) {
        expect(await rig.store.otps.get(id, odd)).toBeNull();
        expect(await rig.store.otps.get(odd, odd)).toBeNull();
        expect(await rig.store.otps.attempts(id, odd)).toEqual([]);
      }
    });

    it('erases content past its time, but never what is still to be sent', async () => {
      const { id } = await rig.account();
      const sent = request(id, { keepContentUntil: NOW + 10 });
      const queued = request(id, { keepContentUntil: NOW + 10 });
      const young = request(id, { keepContentUntil: NOW + 11 });
      await rig.store.accept([sent, queued, young], 'node', NOW);
      const next = { kind: 'final', state: 'sent', reason: null } as const;
      await rig.store.settle(
        [sent, young].map((one) => outcome(one, 'node', [null], next)),
        [],
        null,
        NOW,
      );

      expect(await rig.store.otps.eraseContent(NOW + 9, 100)).toBe(0);
      expect(await rig.store.otps.eraseContent(NOW + 10, 100)).toBe(1);
      expect(await rig.store.otps.eraseContent(NOW + 10, 100)).toBe(0);
      const contents = [sent, queued, young].map(
        async ({ otpId }) => (await rig.store.otps.get(id, otpId))?.contentSealed,
      );
      expect(await Promise.all(contents)).toEqual([null, 'sealed content', 'sealed content']);
    });

    it('keeps content for less once codes are shown for less, though never for less than they live', async () => {
      const [{ id, settings }, other] = [await rig.account(2_000), await rig.account()];
      const day = Array.from({ length: 1_201 }, () => request(id));
      const [long, short] = [
        request(id, { expiresAt: NOW + 7_200_000 }),
        request(id, { keepContentUntil: NOW + 300_000 }),
      ];
      const foreign = request(other.id);
      await rig.store.accept([...day, long, short, foreign], 'node', NOW);
      const showFor = (revealSeconds: number) =>
        rig.store.accounts.patch(id, { settings: { ...settings, revealSeconds } });
      const kept = async () => {
        const rows = await rig.store.otps.page(id, {}, 2_000, 0);
        return rows.map(({ keepContentUntil }) => keepContentUntil - NOW);
      };
      const [ofLong, ofShort] = [7_200_000, 300_000];
      const ofDay = (ms: number) => Array(day.length).fill(ms);
      await showFor(3_600);
      expect(await kept()).toEqual([ofShort, ofLong, ...ofDay(3_600_000)]);
      await showFor(86_400);
      expect(await kept()).toEqual([ofShort, ofLong, ...ofDay(3_600_000)]);
      await showFor(0);
      expect(await kept()).toEqual([ofShort, ofLong, ...ofDay(300_000)]);
      expect((await rig.store.otps.get(other.id, foreign.otpId))?.keepContentUntil).toBe(NOW + 86_400_000);
    });
  });
}
