import type { KyselyPlugin } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import type { Store } from '../store.ts';
import { ERASED_PLACE } from '../tables/callback-facts.ts';
import { retentionStore } from '../tables/retention.ts';
import { idAt } from './exports.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, outcome, request, startOf } from './samples.ts';

const DAY = 86_400_000;
const CALL = {
  ...{ caller: '+9779800000000', anonymous: false, instructionId: 'theirs', spokenMs: 9_000 },
  ...{ callbackSealed: 'sealed place', warnings: ['a warning'] },
};

/** What numbers, and what was said of them, are kept for, and what goes with them. */
export function retentionContract(open: OpenRig): void {
  describe('retention of numbers', () => {
    const rig = useRig(open);

    /** Sends that were made then. */
    async function sent(accountId: string, at: number, over: Partial<AcceptRequest> = {}): Promise<AcceptRequest> {
      const one = request(accountId, { createdAt: at, deliveryId: idAt(at), otpId: idAt(at), ...over });
      await rig.store.accept([one], 'me', at);
      await rig.store.settle([outcome(one, 'me', [newId()])], [], 'me', at);
      return one;
    }
    const numberOf = async ({ accountId, otpId }: AcceptRequest) => {
      const row = await rig.store.otps.get(accountId, otpId);
      return [row?.numberSealed, row?.numberDigest, row?.contentSealed];
    };
    const kept = (one: AcceptRequest) => ['sealed number', one.numberDigest, 'sealed content'];
    const GONE = [null, '', null];

    it('takes the oldest first, a chunk at a time, and stops at what is young', async () => {
      const { id } = await rig.account();
      const sends = [];
      for (let day = 0; day < 5; day += 1) sends.push(await sent(id, NOW + day * DAY));
      const step = () => rig.store.retention.eraseNumbers(id, NOW + 3 * DAY, NOW + 33 * DAY, 2);
      expect(await step()).toEqual({ seen: 2, done: 2 });
      expect(await Promise.all(sends.map(numberOf))).toEqual([GONE, GONE, ...sends.slice(2).map(kept)]);
      expect(await step()).toEqual({ seen: 1, done: 1 });
      expect(await step()).toEqual({ seen: 0, done: 0 });
      expect(await Promise.all(sends.map(numberOf))).toEqual([GONE, GONE, GONE, ...sends.slice(3).map(kept)]);
      // Lists go on: pages, counts and what became of it are as they were.
      expect(await rig.store.otps.count(id, {})).toBe(5);
      const page = await rig.store.otps.page(id, {}, 5, 0);
      expect(page.map((row) => row.delivery.state)).toEqual(Array(5).fill('submitted'));
      expect(await rig.store.otps.count(id, { numberDigest: sends[0]?.numberDigest ?? '' })).toBe(0);
    });

    it('takes what hangs on a number too: of verifications, of further sends, of calls', async () => {
      const { id } = await rig.account();
      const start = startOf({ callbackSealed: 'sealed url', metadata: '{"a":"b"}', warnings: '["w"]', ipDigest: 'ip' });
      const one = await sent(id, NOW, { dialect: 'native', verification: start });
      const further = { kind: 'resend', step: 0, failures: [] } as const;
      const voice = { channel: 'voice', pool: 'voice', segments: 0, call: CALL } as const;
      const again = {
        ...one,
        ...voice,
        deliveryId: idAt(NOW + 60_000),
        createdAt: NOW + 60_000,
        verification: further,
      };
      await rig.store.accept([{ ...again, contentSealed: 'own content' }], 'me', NOW + 60_000);
      await rig.store.verify([{ kind: 'cancel', accountId: id, id: one.otpId, replay: null }], 'me', NOW + 60_000);
      expect(await rig.store.retention.eraseNumbers(id, NOW + 1, NOW + 30 * DAY, 10)).toEqual({ seen: 1, done: 1 });
      expect(await rig.store.verifications.get(id, one.otpId)).toMatchObject({
        ...{ state: 'canceled', numberDigest: '', numberSealed: null, contentSealed: null },
        ...{ callbackSealed: ERASED_PLACE, metadata: {}, warnings: [] },
      });
      expect(await rig.store.calls.get(id, again.deliveryId)).toMatchObject({
        ...{ caller: null, instructionId: null, callbackSealed: ERASED_PLACE, warnings: [], sipReason: '' },
        ...{ spokenMs: 9_000, credits: 1 },
      });
      const db = await rig.database();
      const cells = await db.selectFrom('deliveries').select('content_sealed').where('account_id', '=', id).execute();
      expect(cells).toEqual([{ content_sealed: null }, { content_sealed: null }]);
    });

    it('leaves no place for callbacks where none was named', async () => {
      const { id } = await rig.account();
      const checked = await sent(id, NOW, { dialect: 'native', verification: startOf() });
      const call = { ...CALL, callbackSealed: null };
      const spoken = await sent(id, NOW, { channel: 'voice', pool: 'voice', segments: 0, call });
      await rig.store.verify([{ kind: 'cancel', accountId: id, id: checked.otpId, replay: null }], 'me', NOW);
      expect(await rig.store.retention.eraseNumbers(id, NOW + 1, NOW + 30 * DAY, 10)).toEqual({ seen: 2, done: 2 });
      const places = [
        (await rig.store.verifications.get(id, checked.otpId))?.callbackSealed,
        (await rig.store.calls.get(id, spoken.deliveryId))?.callbackSealed,
      ];
      expect(places).toEqual([null, null]);
    });

    it('leaves a number while its code can still be checked, and takes it then', async () => {
      const { id } = await rig.account();
      const lasting = { dialect: 'octopush', verification: startOf(), expiresAt: NOW + 100 * DAY } as const;
      const one = await sent(id, NOW, { ...lasting, sendUntil: NOW + DAY });
      const other = await sent(id, NOW);
      expect(await rig.store.retention.eraseNumbers(id, NOW + 1, NOW + 30 * DAY, 10)).toEqual({ seen: 2, done: 2 });
      expect(await numberOf(one)).toEqual(kept(one));
      expect(await numberOf(other)).toEqual(GONE);
      expect(await rig.store.retention.eraseDue(NOW + 99 * DAY, 10)).toBe(0);
      expect(await rig.store.retention.eraseDue(NOW + 100 * DAY, 10)).toBe(1);
      expect(await rig.store.retention.eraseDue(NOW + 100 * DAY, 10)).toBe(0);
      expect(await numberOf(one)).toEqual(GONE);
    });

    it('erases what a further send says once nobody is to send it any more', async () => {
      const { id } = await rig.account();
      const one = await sent(id, NOW, { dialect: 'native', verification: startOf() });
      const further = { kind: 'resend', step: 0, failures: [] } as const;
      const again = { ...one, deliveryId: newId(), contentSealed: 'own content', verification: further };
      await rig.store.accept([again], 'me', NOW + 60_000);
      const db = await rig.database();
      const cell = async () =>
        (
          await db
            .selectFrom('deliveries')
            .select('content_sealed')
            .where('account_id', '=', id)
            .where('id', '=', again.deliveryId)
            .executeTakeFirst()
        )?.content_sealed;
      expect(await rig.store.retention.eraseOwnContent(again.expiresAt, 10)).toBe(0);
      await rig.store.settle([outcome(again, 'me', [newId()])], [], 'me', NOW + 61_000);
      expect(await rig.store.retention.eraseOwnContent(again.expiresAt - 1, 10)).toBe(0);
      expect(await cell()).toBe('own content');
      expect(await rig.store.retention.eraseOwnContent(again.expiresAt, 10)).toBe(1);
      expect(await cell()).toBeNull();
    });

    it('is done by two processes at once as by one', async () => {
      const { id } = await rig.account();
      const sends = [];
      for (let i = 0; i < 12; i += 1) sends.push(await sent(id, NOW));
      const peer = await rig.peer();
      // Each goes on to the end, so that one finds done what it was about to do.
      const toTheEnd = async (store: Store): Promise<void> => {
        const { seen } = await store.retention.eraseNumbers(id, NOW + 1, NOW + 30 * DAY, 2);
        if (seen > 0) await toTheEnd(store);
      };
      await Promise.all([rig.store, peer, rig.store, peer, rig.store, peer].map(toTheEnd));
      expect(await Promise.all(sends.map(numberOf))).toEqual(sends.map(() => GONE));
    });

    it('may find it done by another process between two looks of one step', async () => {
      const { id } = await rig.account();
      const one = await sent(id, NOW);
      const step = [id, NOW + 1, NOW + 30 * DAY, 10] as const;
      const otherGoesFirst = (await rig.database()).withPlugin(
        onceAfterALook(() => rig.store.retention.eraseNumbers(...step)),
      );
      expect(await retentionStore(otherGoesFirst).eraseNumbers(...step)).toEqual({ seen: 0, done: 0 });
      expect(await numberOf(one)).toEqual(GONE);
    });
  });
}

/** Does this as soon as otps were looked for and found, before it is known. */
function onceAfterALook(act: () => Promise<unknown>): KyselyPlugin {
  let isDone = false;
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (!isDone && result.rows.some((row) => 'ordinal' in row)) {
        isDone = true;
        await act();
      }
      return result;
    },
  };
}
