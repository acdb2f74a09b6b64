import { sql } from 'kysely';
import type { Database } from '../schema.ts';
import { ERASED_PLACE } from './callback-facts.ts';

/** What an otp's number is overwritten with: no digest is empty, so that it is found by no number any more. */
const NOBODY = '';

/** Where a request named no place for its callbacks, none was erased. */
const erasedPlace = sql<string | null>`CASE WHEN callback_sealed IS NOT NULL THEN ${sql.lit(ERASED_PLACE)} END`;

/** An otp whose number, and all that was said of it, is to go. */
export interface ErasedOtp {
  readonly id: string;
  /** The delivery that came last. */
  readonly deliveryId: string;
}

export interface ErasedRows {
  readonly sends: number;
  readonly verifications: number;
  readonly calls: number;
}

/**
 * Takes from otps of one account, and from everything that hangs on them, what could tell whom they were for or what they said. The rows stay:
 * states, times and credits still add up, and lists go on. The number's digest goes too: a keyed pseudonym is a number all the same to
 * whoever has the key.
 */
export async function eraseOtps(tx: Database, accountId: string, otps: readonly ErasedOtp[]): Promise<ErasedRows> {
  if (otps.length === 0) return { sends: 0, verifications: 0, calls: 0 };
  const ids = otps.map(({ id }) => id);
  // In the order in which sends lock them.
  const verifications = await tx
    .updateTable('verifications')
    .set({ number_digest: NOBODY, ip_digest: null, callback_sealed: erasedPlace, metadata: '{}', warnings: '[]' })
    .where('account_id', '=', accountId)
    .where('id', 'in', ids)
    .executeTakeFirstOrThrow();
  const sends = await tx
    .updateTable('otps')
    .set({ number_digest: NOBODY, number_sealed: null, content_sealed: null, code_digest: null })
    .where('account_id', '=', accountId)
    .where('id', 'in', ids)
    .executeTakeFirstOrThrow();
  const further = verifications.numUpdatedRows > 0n ? await furtherSends(tx, accountId, ids) : [];
  const calls = await eraseCalls(tx, accountId, [...otps.map((otp) => otp.deliveryId), ...further]);
  return { sends: Number(sends.numUpdatedRows), verifications: Number(verifications.numUpdatedRows), calls };
}

/** Erases what the sends of verifications say by themselves; their ids. */
async function furtherSends(tx: Database, accountId: string, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await tx
    .updateTable('deliveries')
    .set({ content_sealed: null })
    .where('account_id', '=', accountId)
    .where('otp_id', 'in', ids)
    // Written out: for a value that is bound the embedded store would not look into the index of these alone.
    .where('verification', '=', sql.lit(1))
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

async function eraseCalls(tx: Database, accountId: string, ids: readonly string[]): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('calls')
    // `sip_reason` is the far end's free text.
    .set({ caller: null, instruction_id: null, callback_sealed: erasedPlace, warnings: '[]', sip_reason: '' })
    .where('account_id', '=', accountId)
    .where('id', 'in', [...new Set(ids)])
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}
