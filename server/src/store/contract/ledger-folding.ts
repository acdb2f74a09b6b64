import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import type { Store } from '../store.ts';
import { CARRIED } from '../tables/retention.ts';
import { idAt } from './exports.ts';
import { type OpenRig, useRig } from './rig.ts';
import { defaultAccount, NOW, newId, outcome, request } from './samples.ts';

const DAY = 86_400_000;

/** Old entries of the ledger become sums, and nothing else changes. */
export function ledgerFoldingContract(open: OpenRig): void {
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
