import { type ExpressionBuilder, sql } from 'kysely';
import type { Dialect, Mode } from '../../rules/accept.ts';
import { failureSubjects, numberSubject } from '../../rules/subjects.ts';
import type { Database, OtpColumns, Schema } from '../schema.ts';
import { type ErasedRows, eraseOtps } from './erase-otps.ts';

/** What still needs an account's number. */
export interface UnderWay {
  /** Verifications whose code may still be checked. */
  readonly running: readonly { readonly id: string; readonly mode: Mode; readonly dialect: Dialect }[];
  /** Sends of which a message or a call is still to go out, or a call goes on. */
  readonly sends: number;
}

export interface Erased extends ErasedRows {
  readonly handsetMessages: number;
  readonly handsetCalls: number;
}

/** All that one account keeps of one number, found by its digest. */
export interface ErasureStore {
  underWay(accountId: string, numberDigest: string): Promise<UnderWay>;
  /** Erases what is not under way for good, in commits of at most `limit` sends. Done again, it finds nothing. */
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

  /**
   * Those that are over: not checked any more, and not on their way. None of them begins again; one that began since the last look is left,
   * for its code needs the number.
   */
  async function nextOtps(accountId: string, digest: string, limit: number) {
    return db
      .selectFrom('otps_by_number as otps')
      .select(['otps.id', 'otps.delivery_id as deliveryId'])
      .where('otps.account_id', '=', accountId)
      .where('otps.number_digest', '=', digest)
      .where((eb) => eb.not(eb.or([isRunning(eb), isOnItsWay(eb)])))
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
        .select(['otps.id', 'otps.mode', 'otps.dialect'])
        .select((eb) => [isRunning(eb).as('running'), isOnItsWay(eb).as('onItsWay')])
        .where('otps.account_id', '=', accountId)
        .where('otps.number_digest', '=', digest)
        .where((eb) => eb.or([isRunning(eb), isOnItsWay(eb)]))
        .execute();
      return {
        running: rows.filter((row) => row.running).map(({ id, mode, dialect }) => ({ id, mode, dialect })),
        sends: rows.filter((row) => row.onItsWay).length,
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
      await forgetLimit(accountId, numberSubject(digest));
      await db
        .deleteFrom('failures')
        .where('account_id', '=', accountId)
        .where('subject', 'in', failureSubjects(digest))
        .execute();
      return { sends, verifications, calls, handsetMessages: handset.messages, handsetCalls: handset.calls };
    },
  };
}

type Otp = ExpressionBuilder<Schema & { otps: OtpColumns }, 'otps'>;

/** Whether its code may still be checked. */
function isRunning({ exists, selectFrom }: Otp) {
  return exists(
    selectFrom('verifications')
      .select('verifications.id')
      .whereRef('verifications.account_id', '=', 'otps.account_id')
      .whereRef('verifications.id', '=', 'otps.id')
      .where('verifications.state', '=', 'pending'),
  );
}

/** Whether something is still to be sent for it, or a call goes on: the delivery that came last, or any of a verification. */
function isOnItsWay({ or, exists, selectFrom }: Otp) {
  const busy = selectFrom('deliveries')
    .select('deliveries.id')
    .whereRef('deliveries.account_id', '=', 'otps.account_id')
    .where((eb) =>
      eb.or([
        eb('deliveries.state', '=', 'queued'),
        eb.and([eb('deliveries.state', '=', 'submitted'), eb('deliveries.channel', '=', 'voice')]),
      ]),
    );
  return or([
    exists(busy.whereRef('deliveries.id', '=', 'otps.delivery_id')),
    // Spelt out: with a bound value SQLite does not see that the partial index holds these.
    exists(busy.whereRef('deliveries.otp_id', '=', 'otps.id').where('deliveries.verification', '=', sql.lit(1))),
  ]);
}
