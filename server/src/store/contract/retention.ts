import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import type { Store } from '../store.ts';
import { CARRIED } from '../tables/retention.ts';
import { idAt } from './exports.ts';
import { type OpenRig, useRig } from './rig.ts';
import { defaultAccount, NOW, newId, outcome, request, startOf } from './samples.ts';

const DAY = 86_400_000;
const CALL = {
  ...{ caller: '+9779800000000', anonymous: false, instructionId: 'theirs', spokenMs: 9_000 },
  ...{ callbackSealed: 'sealed place', warnings: ['a warning'] },
};

/** What goes by itself, and what goes at once when it is asked for. */
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
        ...{ callbackSealed: null, metadata: {}, warnings: [] },
      });
      expect(await rig.store.calls.get(id, again.deliveryId)).toMatchObject({
        ...{ caller: null, instructionId: null, callbackSealed: null, warnings: [], sipReason: '' },
        ...{ spokenMs: 9_000, credits: 1 },
      });
      const db = await rig.database();
      const cells = await db.selectFrom('deliveries').select('content_sealed').where('account_id', '=', id).execute();
      expect(cells).toEqual([{ content_sealed: null }, { content_sealed: null }]);
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
      for (let i = 0; i < 6; i += 1) sends.push(await sent(id, NOW));
      const peer = await rig.peer();
      await Promise.all(
        [rig.store, peer, rig.store, peer].map((store) => store.retention.eraseNumbers(id, NOW + 1, NOW + 30 * DAY, 3)),
      );
      await rig.store.retention.eraseNumbers(id, NOW + 1, NOW + 30 * DAY, 10);
      expect(await Promise.all(sends.map(numberOf))).toEqual(sends.map(() => GONE));
    });
  });

  describe('erasure of a number', () => {
    const rig = useRig(open);
    const DIGEST = 'a-number-digest-22-chr';

    async function sent(accountId: string, over: Partial<AcceptRequest> = {}): Promise<AcceptRequest> {
      const one = request(accountId, { numberDigest: DIGEST, ...over });
      const [verdict] = await rig.store.accept([one], 'me', NOW);
      expect(verdict?.accepted).toBe(true);
      return one;
    }
    const submitted = (one: AcceptRequest) => rig.store.settle([outcome(one, 'me', [newId()])], [], 'me', NOW);

    it('names what still needs it', async () => {
      const { id } = await rig.account();
      const one = await sent(id, { dialect: 'native', verification: startOf() });
      const plain = await sent(id);
      await sent((await rig.account()).id);
      const running = [{ id: one.otpId, mode: 'live', dialect: 'native' }];
      expect(await rig.store.erasure.underWay(id, DIGEST)).toEqual({ running, deliveries: 2 });
      await submitted(one);
      await submitted(plain);
      expect(await rig.store.erasure.underWay(id, DIGEST)).toEqual({ running, deliveries: 0 });
      await rig.store.verify([{ kind: 'cancel', accountId: id, id: one.otpId, replay: null }], 'me', NOW);
      expect(await rig.store.erasure.underWay(id, DIGEST)).toEqual({ running: [], deliveries: 0 });
    });

    it('takes all of one account’s, and nobody else’s', async () => {
      const [mine, theirs] = [await rig.account(), await rig.account()];
      const limits = [{ name: 'number', subject: `n:${DIGEST}`, rules: [{ count: 9, periodMs: DAY }] }] as const;
      const replay = { key: 'live:k', bodyDigest: 'b', keepMs: DAY, answerSealed: 'sealed answer' };
      for (const { id } of [mine, theirs]) {
        for (let i = 0; i < 5; i += 1) await submitted(await sent(id, { limits }));
        await sent(id, { replay, limits });
        const voice = { channel: 'voice', pool: 'voice', segments: 0, call: CALL } as const;
        await sent(id, { ...voice, dialect: 'native', verification: startOf({ dueAt: NOW + 1000 }) });
        await rig.store.handset.add([
          { accountId: id, id: newId(), numberDigest: DIGEST, sealed: 's', receivedAt: NOW },
        ]);
        const call = { accountId: id, id: newId(), changeId: newId(), node: 'me', numberDigest: DIGEST, sealed: 's' };
        await rig.store.handsetCalls.put([{ ...call, startedAt: NOW }]);
        await rig.store.verify(
          [
            {
              kind: 'check',
              accountId: id,
              id: (await firstVerification(id)) ?? '',
              right: false,
              failures: FAILED,
              replay: null,
            },
          ],
          'me',
          NOW,
        );
      }
      const balances = await rig.store.credits.balances(mine.id);
      expect(await rig.store.erasure.eraseNumber(mine.id, DIGEST, 2)).toEqual({
        ...{ sends: 7, verifications: 1, calls: 1, handsetMessages: 1, handsetCalls: 1 },
      });
      const nothing = { sends: 0, verifications: 0, calls: 0, handsetMessages: 0, handsetCalls: 0 };
      expect(await rig.store.erasure.eraseNumber(mine.id, DIGEST, 2)).toEqual(nothing);
      expect(await rig.store.credits.balances(mine.id)).toEqual(balances);

      const db = await rig.database();
      const left = async (accountId: string) => ({
        otps: await rig.store.otps.count(accountId, { numberDigest: DIGEST }),
        handset: (await rig.store.handset.list(accountId, DIGEST, 9)).length,
        calls: (await rig.store.handsetCalls.list(accountId, DIGEST, 9)).length,
        limits: await count(
          db.selectFrom('limits').where('account_id', '=', accountId).where('subject', '=', `n:${DIGEST}`),
        ),
        failures: await count(db.selectFrom('failures').where('account_id', '=', accountId)),
        answers: await count(
          db.selectFrom('idempotency').where('account_id', '=', accountId).where('answer_sealed', 'is not', null),
        ),
      });
      expect(await left(mine.id)).toEqual({ otps: 0, handset: 0, calls: 0, limits: 0, failures: 0, answers: 0 });
      expect(await left(theirs.id)).toEqual({
        ...{ otps: 7, handset: 1, calls: 1, failures: 1, answers: 1, limits: expect.any(Number) },
      });
      expect((await left(theirs.id)).limits).toBeGreaterThan(0);
    });

    const FAILED = [{ subject: `live:n:${DIGEST}`, most: 20 }];
    const firstVerification = async (id: string) => (await rig.store.verifications.after(id, {}, 1, null, NOW))[0]?.id;
    const count = async (rows: { select(of: never): { execute(): Promise<unknown[]> } }) =>
      (await rows.select('account_id' as never).execute()).length;
  });

  describe('folding of the ledger', () => {
    const rig = useRig(open);

    it('keeps the sums, for whatever ledger, whenever it is folded, and folds no open hold', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(event, { maxLength: 14 }),
          fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 3 }),
          fc.integer({ min: 1, max: 5 }),
          async (events, folds, limit) => {
            const { id } = await opened(rig.store);
            const open = await play(rig.store, id, events);
            const sums = await rig.store.credits.sums(id);
            const balances = await rig.store.credits.balances(id);
            for (const day of folds.toSorted((a, b) => a - b)) {
              await foldAll(rig.store, id, NOW + day * DAY, limit);
              expect(await rig.store.credits.balances(id)).toEqual(balances);
              for (const pool of ['sms', 'voice'] as const) {
                const { openHolds, ...after } = (await rig.store.credits.sums(id))[pool];
                expect(after).toEqual(balances[pool]);
                expect(openHolds).toBe(sums[pool].openHolds);
              }
            }
            // What is still held ends as ever.
            const ends = open.map((one) => failed(one, NOW + 50 * DAY));
            if (ends.length > 0) await rig.store.settle(ends, [], 'me', NOW + 50 * DAY);
            const { openHolds, ...after } = (await rig.store.credits.sums(id)).sms;
            expect([after, openHolds]).toEqual([(await rig.store.credits.balances(id)).sms, 0]);
          },
        ),
        { numRuns: 20 },
      );
    }, 60_000);

    it('leaves a grant and a spent hold of each pool, at the end of the list, and says so in the audit log', async () => {
      const { id } = await opened(rig.store);
      const days = [0, 1, 2].map((day) => ({ kind: 'grant', day, amount: 10 }) as const);
      const sends = [1, 2, 3].map((day) => ({ kind: 'send', day, amount: 2, end: 'captured', after: 0 }) as const);
      await play(rig.store, id, [...days, ...sends, { kind: 'send', day: 3, amount: 1, end: 'released', after: 0 }]);
      expect(await foldAll(rig.store, id, NOW + 3 * DAY, 100)).toBe(7);
      const entries = await rig.store.credits.list(id, 100, null);
      expect(entries.map(({ subject, kind, amount, note }) => [subject, kind, amount, note]).slice(-3)).toEqual([
        [CARRIED.sms.spent, 'hold', 4, 'Carried forward'],
        [CARRIED.sms.spent, 'capture', 4, 'Carried forward'],
        [CARRIED.sms.granted, 'grant', 30, 'Carried forward'],
      ]);
      expect(entries).toHaveLength(7);
      expect(await rig.store.audit.list({ accountId: id, action: 'ledger.fold' }, 10, null)).toMatchObject([
        { actor: 'system', objectId: id, detail: { entries: 7, subjects: 5 } },
      ]);
    });

    it('is done by two processes at once as by one, while credits are granted', async () => {
      const { id } = await opened(rig.store);
      const events = Array.from({ length: 30 }, (_, i) => ({ kind: 'grant', day: i % 10, amount: 1 }) as const);
      await play(rig.store, id, events);
      const peer = await rig.peer();
      await Promise.all([
        ...[rig.store, peer, peer, rig.store].map((store) => foldAll(store, id, NOW + 20 * DAY, 4)),
        ...[1, 2, 3].map(() => grant(rig.store, id, NOW + 30 * DAY, 100)),
      ]);
      expect((await rig.store.credits.sums(id)).sms).toEqual({ granted: 330, held: 0, captured: 0, openHolds: 0 });
      expect((await rig.store.credits.balances(id)).sms.granted).toBe(330);
      expect(await rig.store.credits.list(id, 100, null)).toHaveLength(4);
    });
  });
}

type Event =
  | { readonly kind: 'grant'; readonly day: number; readonly amount: number }
  | {
      readonly kind: 'send';
      readonly day: number;
      readonly amount: number;
      readonly end: 'captured' | 'released' | 'open';
      /** Days from the hold to its end. */
      readonly after: number;
    };

const day = fc.integer({ min: 0, max: 30 });
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('grant' as const), day, amount: fc.integer({ min: -20, max: 50 }) }),
  fc.record({
    ...{ kind: fc.constant('send' as const), day, amount: fc.integer({ min: 0, max: 9 }) },
    ...{ end: fc.constantFrom('captured', 'released', 'open'), after: fc.integer({ min: 0, max: 9 }) },
  }),
);

async function opened(store: Store) {
  const account = defaultAccount();
  await store.accounts.create(account);
  return account;
}

/** Writes a ledger in the order of its days; what it cannot pay for is refused, as ever. The sends that did not end. */
async function play(store: Store, accountId: string, events: readonly Event[]): Promise<readonly AcceptRequest[]> {
  const open: AcceptRequest[] = [];
  for (const one of events.toSorted((a, b) => a.day - b.day)) {
    const at = NOW + one.day * DAY;
    if (one.kind === 'grant') {
      await grant(store, accountId, at, one.amount).catch(() => {});
      continue;
    }
    const send = request(accountId, { createdAt: at, deliveryId: idAt(at), credits: one.amount });
    const [verdict] = await store.accept([send], 'me', at);
    if (!verdict?.accepted) continue;
    const end = at + one.after * DAY;
    if (one.end === 'open') open.push(send);
    else await store.settle([one.end === 'released' ? failed(send, end) : delivered(send, end)], [], 'me', end);
  }
  return open;
}

function grant(store: Store, accountId: string, at: number, amount: number) {
  return store.credits.grant({ accountId, id: idAt(at), pool: 'sms', amount, note: null, at });
}

function failed(one: AcceptRequest, at: number) {
  return { ...outcome(one, 'me', [], { kind: 'final', state: 'failed', reason: 'no_carrier' }), at, attempt: null };
}

function delivered(one: AcceptRequest, at: number) {
  return { ...outcome(one, 'me', [newId()], { kind: 'final', state: 'sent', reason: null }), at };
}

/** As the chore does it: chunk by chunk. Returns how many entries went. */
async function foldAll(store: Store, accountId: string, before: number, limit: number): Promise<number> {
  let folded = 0;
  let after: string | null = null;
  for (;;) {
    const step: Awaited<ReturnType<Store['retention']['foldLedger']>> = await store.retention.foldLedger(
      accountId,
      before,
      limit,
      after,
      { id: newId(), at: before },
    );
    folded += step.done;
    if (step.seen < limit) return folded;
    after = step.last;
  }
}
