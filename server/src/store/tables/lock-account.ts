import type { Database } from '../schema.ts';

/** Makes those who add to one account at once wait for one another, until their transactions end: two must not both be the last that fits. */
export async function lockAccount(tx: Database, accountId: string): Promise<void> {
  await tx
    .updateTable('accounts')
    .set(({ ref }) => ({ id: ref('id') }))
    .where('id', '=', accountId)
    .execute();
}
