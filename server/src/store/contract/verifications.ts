import { describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import { FAILURE_WINDOW_MS } from '../../rules/failures.ts';
import type { VerifyRequest } from '../../rules/verify.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId, request, startOf } from './samples.ts';
import { check, NUMBER, starter, wordsOf } from './verify-samples.ts';

/** Rows of verifications: what every store must make of checks, wishes and further sends, also when several processes do so at once. */
export function verificationContract(open: OpenRig): void {
  describe('verifications', () => {
    const rig = useRig(open);
    const accept = (...batch: AcceptRequest[]) => rig.store.accept(batch, 'node', NOW);
    const verify = (batch: readonly VerifyRequest[], now = NOW) => rig.store.verify(batch, 'node', now);

    const started = starter(rig);

    it('begin with their first send, and are found by id and by number', async () => {
      const one = await started();
      const { accountId, otpId: id, numberDigest } = one;
      const whose = { accountId, mode: 'live', dialect: 'native' } as const;
      const facts = { ...whose, id, numberDigest, codeDigest: 'digest', ipDigest: null };
      const found = await rig.store.verifications.find(
        [
          { ...whose, numberDigest, among: 'pending' },
          { ...whose, id },
          { ...whose, id: newId() },
          { ...whose, numberDigest, among: 'all' },
          { ...whose, mode: 'test', numberDigest, among: 'all' },
        ],
        NOW,
      );
      expect(found.map((row) => row?.id ?? null)).toEqual([id, id, null, id, null]);
      expect(found[0]).toMatchObject(facts);
      expect(found[1]).toMatchObject(facts);
      const whole = await rig.store.verifications.get(accountId, id);
      expect(whole).toMatchObject({
        ...{ id, state: 'pending', failures: 0, sends: 1, step: 0, numberSealed: 'sealed number' },
        deliveries: [{ id: one.deliveryId, channel: 'sms', state: 'queued', segments: 1, credits: 1, tries: [] }],
      });
      // A code that is checked stands in one place.
      const db = await rig.database();
      const otp = await db.selectFrom('otps').select('code_digest').where('id', '=', id).executeTakeFirst();
      expect(otp?.code_digest).toBeNull();
    });

    it('hide none that runs behind a newer one that has ended', async () => {
      const older = await started();
      const newer = { ...older, otpId: newId(), deliveryId: newId() };
      await accept(newer);
      await verify([{ kind: 'cancel', accountId: newer.accountId, id: newer.otpId, replay: null }]);
      const whose = { accountId: older.accountId, mode: 'live', dialect: 'native' } as const;
      const { numberDigest } = older;
      const found = await rig.store.verifications.find(
        [
          { ...whose, numberDigest, among: 'pending' },
          { ...whose, numberDigest, among: 'all' },
        ],
        NOW,
      );
      expect(found.map((row) => row?.id)).toEqual([older.otpId, newer.otpId]);
    });

    it('are approved once, by one of fifty right checks over two processes, and lose their code', async () => {
      const one = await started();
      const peer = await rig.peer();
      const verdicts = await Promise.all(
        Array.from({ length: 50 }, (_, i) => (i % 2 ? peer : rig.store).verify([check(one, true)], 'node', NOW)),
      );
      const words = wordsOf(verdicts.flat());
      expect(words.filter((word) => word === 'approved')).toHaveLength(1);
      expect(words.filter((word) => word === 'final approved')).toHaveLength(49);
      const [facts] = await rig.store.verifications.find(
        [{ accountId: one.accountId, mode: 'live', dialect: 'native', id: one.otpId }],
        NOW,
      );
      expect(facts).toMatchObject({ id: one.otpId, codeDigest: null });
    });

    it('count as many of two hundred wrong checks as they allow, and then refuse the right code', async () => {
      const one = await started({ maxAttempts: 5 });
      const peer = await rig.peer();
      const batches = Array.from({ length: 40 }, (_, i) =>
        (i % 2 ? peer : rig.store).verify(
          Array.from({ length: 5 }, () => check(one, false)),
          'node',
          NOW,
        ),
      );
      const words = wordsOf((await Promise.all(batches)).flat());
      expect(words.filter((word) => word.startsWith('wrong')).sort()).toEqual([0, 1, 2, 3, 4].map((n) => `wrong ${n}`));
      expect(words.filter((word) => word === 'final max_attempts_reached')).toHaveLength(195);
      expect(wordsOf(await verify([check(one, true)]))).toEqual(['final max_attempts_reached']);
      expect(await rig.store.verifications.get(one.accountId, one.otpId)).toMatchObject({ failures: 5 });
    });

    it('would let more through if they were read, compared and then written: the control', async () => {
      const one = await started({ maxAttempts: 5 });
      const db = await rig.database();
      const row = db.selectFrom('verifications').select('failures').where('id', '=', one.otpId);
      let evaluated = 0;
      await Promise.all(
        Array.from({ length: 40 }, async () => {
          const { failures } = await row.executeTakeFirstOrThrow();
          if (failures >= one.maxAttempts) return;
          evaluated += 1;
          const counted = { failures: failures + 1 };
          await db.updateTable('verifications').set(counted).where('id', '=', one.otpId).execute();
        }),
      );
      expect(evaluated).toBeGreaterThan(one.maxAttempts);
    });

    it('lock a number after twenty failures in a day, whatever verification they were of', async () => {
      const first = await started({ maxAttempts: 10 });
      const next = () => ({
        ...first,
        otpId: newId(),
        deliveryId: newId(),
        verification: startOf({ failures: NUMBER }),
      });
      const [second, third] = [next(), next()];
      await accept(second, third);
      await verify(Array.from({ length: 10 }, () => check(first, false)));
      const peer = await rig.peer();
      await peer.verify(
        Array.from({ length: 9 }, () => check(second, false)),
        'node',
        NOW + 1000,
      );
      expect(wordsOf(await verify([check(third, false), check(third, true), check(second, true)], NOW + 2000))).toEqual(
        ['wrong 0', 'rate_limited', 'rate_limited'],
      );
      const [refused] = await accept(next());
      expect(refused).toMatchObject({
        accepted: false,
        refusal: { code: 'rate_limited', detail: { limit: 'failures', retryAfterMs: FAILURE_WINDOW_MS } },
      });
      const elsewhere = await started({}, { failures: NUMBER });
      expect(wordsOf(await verify([check(elsewhere, true)], NOW + 2000))).toEqual(['approved']);
      await rig.store.sweep(NOW + FAILURE_WINDOW_MS, 1000);
      const db = await rig.database();
      const kept = await db
        .selectFrom('failures')
        .select('subject')
        .where('account_id', '=', first.accountId)
        .execute();
      expect(kept).toHaveLength(1);
      // A day after the first of them it is let in again.
      const [late] = await rig.store.accept([next()], 'node', NOW + FAILURE_WINDOW_MS);
      expect(late?.accepted).toBe(true);
      await rig.store.sweep(NOW + 2000 + FAILURE_WINDOW_MS, 1000);
      const left = await db
        .selectFrom('failures')
        .select('subject')
        .where('account_id', '=', first.accountId)
        .execute();
      expect(left).toEqual([]);
    });

    it('end at their expiry, whoever asks first, and tell of it once', async () => {
      const one = await started({}, { callback: true });
      expect(wordsOf(await verify([check(one, false)], one.expiresAt - 1))).toEqual(['wrong 4']);
      const end = { kind: 'end', state: 'expired', accountId: one.accountId, id: one.otpId, replay: null } as const;
      const verdicts = await verify([check(one, true), end], one.expiresAt);
      expect(wordsOf(verdicts)).toEqual(['final expired', 'final expired']);
      expect(verdicts.map((verdict) => verdict.judged && verdict.callback?.event)).toEqual([
        'verification.expired',
        undefined,
      ]);
      const db = await rig.database();
      const told = await db
        .selectFrom('callbacks')
        .select(['id', 'event'])
        .where('account_id', '=', one.accountId)
        .execute();
      expect(told).toEqual([{ id: `${one.otpId}.expired`, event: 'verification.expired' }]);
    });

    it('take word of what became of them at any time', async () => {
      const one = await started();
      const whose = { accountId: one.accountId, id: one.otpId, replay: null };
      await verify([check(one, true)]);
      const later = await verify([{ ...whose, kind: 'feedback', converted: true }], NOW + 86_400_000);
      expect(wordsOf(later)).toEqual(['done approved']);
      expect(await rig.store.verifications.get(one.accountId, one.otpId)).toMatchObject({
        state: 'approved',
        converted: true,
        finalAt: NOW,
      });
      expect(wordsOf(await verify([{ ...whose, id: newId(), kind: 'cancel' }]))).toEqual(['not_found']);
    });

    it('count a check once for its idempotency key, over two processes', async () => {
      const one = await started();
      const replay = { key: 'live:k', bodyDigest: 'b', keepMs: 86_400_000 };
      const wrong = { ...check(one, false), replay };
      const peer = await rig.peer();
      const verdicts = await Promise.all(
        Array.from({ length: 10 }, (_, i) => (i % 2 ? peer : rig.store).verify([wrong], 'node', NOW)),
      );
      expect(wordsOf(verdicts.flat())).toEqual(Array.from({ length: 10 }, () => 'wrong 4'));
      expect(verdicts.flat().filter((verdict) => verdict.judged && verdict.fresh)).toHaveLength(1);
      expect(wordsOf(await verify([{ ...wrong, replay: { ...replay, bodyDigest: 'other' } }]))).toEqual([
        'idempotency_mismatch',
      ]);
      // Of a request whose verification cannot be told any more, too.
      expect(wordsOf(await verify([{ ...wrong, id: newId() }]))).toEqual(['wrong 4']);
      expect(wordsOf(await verify([wrong], NOW + 86_400_000))).not.toEqual(['wrong 4']);
    });

    it('are listed newest first, by number, state and time', async () => {
      const { id } = await rig.account();
      const many = Array.from({ length: 5 }, (_, i) =>
        request(id, {
          dialect: 'native',
          verification: startOf(),
          createdAt: NOW + i,
          expiresAt: NOW + 1000 + i,
          numberDigest: `n${i % 2}`,
        }),
      );
      await accept(...many);
      const [, , , , newest] = many;
      if (newest === undefined) throw new Error('none was made');
      await verify([check(newest, true)]);
      const ids = (rows: readonly { readonly id: string }[]) =>
        rows.map((row) => many.findIndex(({ otpId }) => otpId === row.id));
      const list = (
        filter: Parameters<typeof rig.store.verifications.after>[1],
        after: string | null = null,
        now = NOW,
      ) => rig.store.verifications.after(id, filter, 3, after, now).then(ids);
      expect(await list({})).toEqual([4, 3, 2]);
      expect(await list({}, many[2]?.otpId)).toEqual([1, 0]);
      expect(await list({ numberDigest: 'n1' })).toEqual([3, 1]);
      expect(await list({ state: 'pending' })).toEqual([3, 2, 1]);
      expect(await list({ state: 'expired' }, null, NOW + 1001)).toEqual([1, 0]);
      expect(await list({ mode: 'test' })).toEqual([]);
      expect(await list({ createdAfter: NOW + 3, createdBefore: NOW + 4 })).toEqual([3]);
    });
  });
}
