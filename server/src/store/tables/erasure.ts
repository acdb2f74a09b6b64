import type { Dialect, Mode } from '../../rules/accept.ts';
import type { Database } from '../schema.ts';
import { type ErasedRows, eraseOtps } from './erase-otps.ts';

/** What still needs an account's number. */
export interface UnderWay {
  /** Verifications whose code may still be checked. */
  readonly running: readonly { readonly id: string; readonly mode: Mode; readonly dialect: Dialect }[];
  /** Messages and calls that are still to be sent, or calls that go on. */
  readonly deliveries: number;
}

export interface Erased extends ErasedRows {
  readonly handsetMessages: number;
  readonly handsetCalls: number;
}

/** All that one account keeps of one number, found by its digest. */
export interface ErasureStore {
  underWay(accountId: string, numberDigest: string): Promise<UnderWay>;
  /** Erases it for good, in commits of at most `limit` sends. Done again, it finds nothing. */
  eraseNumber(accountId: string, numberDigest: string, limit: number): Promise<Erased>;
}

/** @param forgetLimit deletes what counts against a subject: each engine keeps limits in its own way */
export function erasureStore(
  base: Database,
  forgetLimit: (accountId: string, subject: string) => Promise<void>,
): ErasureStore {
  const db = base.$extendTables<{
    handset_calls: { account_id: string; id: string; number_digest: string };
    handset_errands: { account_id: string; id: string; call_id: string };
  }>();

  async function nextOtps(accountId: string, digest: string, limit: number) {
    return db
      .selectFrom('otps_by_number')
      .select(['id', 'delivery_id as deliveryId'])
      .where('account_id', '=', accountId)
      .where('number_digest', '=', digest)
      .limit(limit)
      .execute();
  }

  /**
   * Requests that sent to the number and can be replayed: their answers, and the keys that callers chose for them, may hold it. The same
   * request again is then a new one. Found beside the writer, which deletes by key alone.
   */
  async function forgetRequests(accountId: string, otpIds: readonly string[]): Promise<void> {
    const rows = await db
      .selectFrom('idempotency')
      .select('key')
      .where('account_id', '=', accountId)
      .where('otp_id', 'in', otpIds)
      .execute();
    const keys = rows.map(({ key }) => key);
    if (keys.length === 0) return;
    await db.deleteFrom('idempotency').where('account_id', '=', accountId).where('key', 'in', keys).execute();
  }

  async function eraseHandset(accountId: string, digest: string): Promise<{ messages: number; calls: number }> {
    const messages = await db
      .deleteFrom('handset_messages')
      .where('account_id', '=', accountId)
      .where('number_digest', '=', digest)
      .executeTakeFirstOrThrow();
    const calls = await db
      .deleteFrom('handset_calls')
      .where('account_id', '=', accountId)
      .where('number_digest', '=', digest)
      .returning('id')
      .execute();
    const ids = calls.map(({ id }) => id);
    if (ids.length > 0) {
      const errands = db.deleteFrom('handset_errands').where('account_id', '=', accountId);
      await errands.where('call_id', 'in', ids).execute();
    }
    return { messages: Number(messages.numDeletedRows), calls: ids.length };
  }

  return {
    async underWay(accountId, digest) {
      const rows = await db
        .selectFrom('otps_by_number as otps')
        .innerJoin('deliveries', (join) =>
          join.onRef('deliveries.account_id', '=', 'otps.account_id').onRef('deliveries.id', '=', 'otps.delivery_id'),
        )
        .leftJoin('verifications', (join) =>
          join.onRef('verifications.account_id', '=', 'otps.account_id').onRef('verifications.id', '=', 'otps.id'),
        )
        .select(['otps.id', 'otps.mode', 'otps.dialect', 'deliveries.state', 'deliveries.channel'])
        .select('verifications.state as verification')
        .where('otps.account_id', '=', accountId)
        .where('otps.number_digest', '=', digest)
        .where(({ or, and, eb }) =>
          or([
            eb('deliveries.state', '=', 'queued'),
            and([eb('deliveries.state', '=', 'submitted'), eb('deliveries.channel', '=', 'voice')]),
            eb('verifications.state', '=', 'pending'),
          ]),
        )
        .execute();
      return {
        running: rows
          .filter((row) => row.verification === 'pending')
          .map(({ id, mode, dialect }) => ({ id, mode, dialect })),
        deliveries: rows.filter(
          ({ state, channel }) => state === 'queued' || (state === 'submitted' && channel === 'voice'),
        ).length,
      };
    },

    async eraseNumber(accountId, digest, limit) {
      let { sends, verifications, calls } = { sends: 0, verifications: 0, calls: 0 };
      for (;;) {
        const otps = await nextOtps(accountId, digest, limit);
        if (otps.length === 0) break;
        await forgetRequests(
          accountId,
          otps.map(({ id }) => id),
        );
        const erased = await base.transaction().execute((tx) => eraseOtps(tx, accountId, otps));
        sends += erased.sends;
        verifications += erased.verifications;
        calls += erased.calls;
      }
      const handset = await eraseHandset(accountId, digest);
      // What counted against the number is known by its digest too: it begins anew.
      await forgetLimit(accountId, `n:${digest}`);
      await db
        .deleteFrom('failures')
        .where('account_id', '=', accountId)
        .where('subject', 'in', [`test:n:${digest}`, `live:n:${digest}`])
        .execute();
      return { sends, verifications, calls, handsetMessages: handset.messages, handsetCalls: handset.calls };
    },
  };
}
