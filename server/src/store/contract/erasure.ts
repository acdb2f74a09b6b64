import { describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, outcome, request, startOf } from './samples.ts';

const DAY = 86_400_000;
const CALL = {
  ...{ caller: '+9779800000000', anonymous: false, instructionId: 'theirs', spokenMs: 9_000 },
  ...{ callbackSealed: 'sealed place', warnings: ['a warning'] },
};

const VOICE = { channel: 'voice', pool: 'voice', segments: 0, call: CALL } as const;
const IN_CALL = { kind: 'in_call', until: NOW + 60_000 } as const;
const CALL_AND_SMS = [
  { channel: 'voice', carrier: null, waitMs: 0 },
  { channel: 'sms', carrier: null, waitMs: 30_000 },
] as const;

/** What goes at once, when somebody asks for it. */
export function erasureContract(open: OpenRig): void {
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
      expect(await rig.store.erasure.underWay(id, DIGEST)).toEqual({ running, sends: 2 });
      await submitted(one);
      await submitted(plain);
      expect(await rig.store.erasure.underWay(id, DIGEST)).toEqual({ running, sends: 0 });
      await rig.store.verify([{ kind: 'cancel', accountId: id, id: one.otpId, replay: null }], 'me', NOW);
      expect(await rig.store.erasure.underWay(id, DIGEST)).toEqual({ running: [], sends: 0 });
    });

    it('names an earlier call that goes on, though something else was sent after it', async () => {
      const { id } = await rig.account();
      const one = await sent(id, { ...VOICE, dialect: 'native', verification: startOf({ steps: CALL_AND_SMS }) });
      await rig.store.settle([outcome(one, 'me', [null], IN_CALL)], [], 'me', NOW);
      const step = { kind: 'step', step: 1, failures: [] } as const;
      const second = { ...one, channel: 'sms', pool: 'sms', segments: 1, call: null, verification: step } as const;
      const sms = { ...second, deliveryId: newId(), contentSealed: 'its own' };
      expect(await rig.store.accept([sms], 'me', NOW)).toMatchObject([{ accepted: true }]);
      await submitted(sms);
      await rig.store.verify([{ kind: 'cancel', accountId: id, id: one.otpId, replay: null }], 'me', NOW);
      expect(await rig.store.erasure.underWay(id, DIGEST)).toEqual({ running: [], sends: 1 });
      expect(await rig.store.erasure.eraseNumber(id, DIGEST, 9)).toMatchObject({ sends: 0, verifications: 0 });
      expect(await rig.store.otps.get(id, one.otpId)).toMatchObject({ numberDigest: DIGEST });
    });

    it('leaves what began since it was looked at', async () => {
      const { id } = await rig.account();
      await submitted(await sent(id));
      const late = await sent(id, { dialect: 'native', verification: startOf() });
      await submitted(late);
      const queued = await sent(id);
      expect(await rig.store.erasure.eraseNumber(id, DIGEST, 9)).toMatchObject({ sends: 1, verifications: 0 });
      const kept = { numberDigest: DIGEST, numberSealed: 'sealed number' };
      expect(await rig.store.otps.get(id, late.otpId)).toMatchObject(kept);
      expect(await rig.store.otps.get(id, queued.otpId)).toMatchObject(kept);
    });

    it('takes all of one account’s, and nobody else’s', async () => {
      const [mine, theirs] = [await rig.account(), await rig.account()];
      const limits = [{ name: 'number', subject: `n:${DIGEST}`, rules: [{ count: 9, periodMs: DAY }] }] as const;
      const replay = { key: 'live:k', bodyDigest: 'b', keepMs: DAY, answerSealed: 'sealed answer' };
      for (const { id } of [mine, theirs]) {
        for (let i = 0; i < 5; i += 1) await submitted(await sent(id, { limits }));
        await submitted(await sent(id, { replay, limits }));
        const one = await sent(id, { ...VOICE, dialect: 'native', verification: startOf({ dueAt: NOW + 1000 }) });
        const over = { kind: 'final', state: 'undelivered', reason: 'call_unanswered' } as const;
        await rig.store.settle([outcome(one, 'me', [null], over)], [], 'me', NOW);
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
              id: await firstVerification(id),
              right: false,
              failures: FAILED,
              replay: null,
            },
          ],
          'me',
          NOW,
        );
      }
      const first = await firstVerification(mine.id);
      await rig.store.verify([{ kind: 'cancel', accountId: mine.id, id: first, replay: null }], 'me', NOW);
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
        requests: await count(db.selectFrom('idempotency').where('account_id', '=', accountId)),
      });
      expect(await left(mine.id)).toEqual({ otps: 0, handset: 0, calls: 0, limits: 0, failures: 0, requests: 0 });
      expect(await left(theirs.id)).toEqual({
        ...{ otps: 7, handset: 1, calls: 1, failures: 1, requests: 1, limits: expect.any(Number) },
      });
      expect((await left(theirs.id)).limits).toBeGreaterThan(0);
    });

    const FAILED = [{ subject: `live:n:${DIGEST}`, most: 20 }];
    const firstVerification = async (id: string) =>
      (await rig.store.verifications.after(id, {}, 1, null, NOW))[0]?.id ?? '';
    const count = async (rows: { select(of: never): { execute(): Promise<unknown[]> } }) =>
      (await rows.select('account_id' as never).execute()).length;
  });
}
