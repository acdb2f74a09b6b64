import { describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, outcome, receipt, request, startOf } from './samples.ts';

/** Lists of what was sent by SMS. */
export function messageContract(open: OpenRig): void {
  describe('messages', () => {
    const rig = useRig(open);

    async function accepted(accountId: string, over: Partial<AcceptRequest> = {}): Promise<AcceptRequest> {
      const one = request(accountId, over);
      const [verdict] = await rig.store.accept([one], 'me', NOW);
      expect(verdict).toMatchObject({ accepted: true });
      return one;
    }

    it('are shown with what became of them and with every try', async () => {
      const { id } = await rig.account();
      const one = await accepted(id, { segments: 2, credits: 2 });
      const fresh = {
        ...{ accountId: id, id: one.deliveryId, otpId: one.otpId, verification: false, dialect: 'tingting' },
        ...{ mode: 'live', numberSealed: 'sealed number', state: 'queued', reason: null, carrier: null },
        ...{ segments: 2, credits: 2, createdAt: NOW, submittedAt: null, finalAt: null, tries: [] },
      };
      expect(await rig.store.messages.get(id, one.deliveryId)).toEqual(fresh);

      const parts = [newId(), newId()];
      await rig.store.settle([outcome(one, 'me', parts)], [], 'me', NOW);
      await rig.store.settle([], [receipt(parts[0] ?? ''), receipt(parts[1] ?? '')], 'me', NOW + 1000);
      const delivered = { outcome: 'accepted', code: 0, receipt: 'delivered', receiptCode: '000' };
      const ended = {
        ...{ ...fresh, state: 'delivered', carrier: 'c', submittedAt: NOW, finalAt: NOW + 1000 },
        tries: [1, 2].map((part) => {
          return { n: 1, part, carrier: 'c', at: NOW, receiptAt: NOW + 1000, ...delivered };
        }),
      };
      expect(await rig.store.messages.get(id, one.deliveryId)).toEqual(ended);
      expect(await rig.store.messages.after(id, {}, 10, null)).toEqual([ended]);
    });

    it('are each send of a verification, and no call', async () => {
      const { id } = await rig.account();
      const first = await accepted(id, { dialect: 'native', verification: startOf() });
      const verification = { kind: 'resend', step: 0, failures: [] } as const;
      const again = { ...first, deliveryId: newId(), createdAt: NOW + 60_000, verification };
      await rig.store.accept([again], 'me', NOW + 60_000);
      const call = {
        ...{ caller: null, anonymous: false, instructionId: null, spokenMs: 9_000 },
        ...{ callbackSealed: null, warnings: [] },
      };
      const spoken = await accepted(id, { channel: 'voice', pool: 'voice', segments: 0, call });

      const found = await rig.store.messages.after(id, {}, 10, null);
      expect(found.map((one) => [one.id, one.otpId, one.verification])).toEqual([
        [again.deliveryId, first.otpId, true],
        [first.deliveryId, first.otpId, true],
      ]);
      expect(await rig.store.messages.get(id, spoken.deliveryId)).toBeNull();
    });

    it('are listed newest first, by mode, each once though more come', async () => {
      const { id } = await rig.account();
      const made: string[] = [];
      for (let i = 0; i < 5; i += 1) {
        made.unshift((await accepted(id)).deliveryId);
        await accepted(id, { mode: 'test' });
      }
      const seen: string[] = [];
      for (let page = await rig.store.messages.after(id, { mode: 'live' }, 2, null); page.length > 0; ) {
        seen.push(...page.map((one) => one.id));
        await accepted(id);
        page = await rig.store.messages.after(id, { mode: 'live' }, 2, seen.at(-1) ?? null);
      }
      expect(seen).toEqual(made);
      expect(await rig.store.messages.after(id, { mode: 'test' }, 10, null)).toHaveLength(5);
    });

    it('are nobody else’s', async () => {
      const [mine, theirs] = [await rig.account(), await rig.account()];
      const { deliveryId } = await accepted(theirs.id);
      expect(await rig.store.messages.get(mine.id, deliveryId)).toBeNull();
      expect(await rig.store.messages.after(mine.id, {}, 10, null)).toEqual([]);
    });
  });
}
