import type { Database } from '../schema.ts';

/** Otps of one commit: few, so that no send waits behind it. */
const AT_ONCE = 500;

/**
 * Has the content of an account's otps erased `revealMs` after they were made, though not before their codes die, where it was to be kept
 * longer. It goes through those with an ordinal above `after`, oldest first, each step a commit of its own unless `db` is a transaction.
 * Resolves to the ordinal that it came to.
 */
export async function shortenContent(
  db: Database,
  accountId: string,
  revealMs: number,
  after: number,
): Promise<number> {
  const newest = await newestOrdinal(db, accountId);
  for (let from = after; from < newest; from += AT_ONCE) {
    await db
      .updateTable('otps')
      .set(({ eb, ref }) => ({
        keep_content_until: eb
          .case()
          .when('expires_at', '>', eb('created_at', '+', revealMs))
          .then(ref('expires_at'))
          .else(eb('created_at', '+', revealMs))
          .end(),
      }))
      .where('account_id', '=', accountId)
      .where('ordinal', '>', from)
      .where('ordinal', '<=', from + AT_ONCE)
      .where('content_sealed', 'is not', null)
      .where(({ eb, ref }) => eb('keep_content_until', '>', ref('expires_at')))
      .where(({ eb }) => eb('keep_content_until', '>', eb('created_at', '+', revealMs)))
      .execute();
  }
  return Math.max(after, newest);
}

async function newestOrdinal(db: Database, accountId: string): Promise<number> {
  const row = await db
    .selectFrom('otps')
    .select('ordinal')
    .where('account_id', '=', accountId)
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.ordinal ?? 0;
}
