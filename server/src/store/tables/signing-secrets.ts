import type { Database } from '../schema.ts';

/** A secret that callbacks are signed with. */
export interface SigningSecretRow {
  readonly accountId: string;
  readonly id: string;
  readonly sealed: string;
  readonly createdAt: number;
  /** From when it signs no more; null: it is the newest. */
  readonly expiresAt: number | null;
}

export interface SigningSecretStore {
  /** Those in force at `now`, newest first. */
  list(accountId: string, now: number): Promise<readonly SigningSecretRow[]>;
  /** Adds the account's first secret; what stands there already stays. */
  addFirst(row: SigningSecretRow): Promise<void>;
  /** Adds a newer one, and lets the others sign until `until`; in one commit. */
  rotate(row: SigningSecretRow, until: number): Promise<void>;
}

export function signingSecretStore(db: Database): SigningSecretStore {
  return {
    async list(accountId, now) {
      const rows = await db
        .selectFrom('signing_secrets')
        .selectAll()
        .where('account_id', '=', accountId)
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
        .orderBy('id', 'desc')
        .execute();
      return rows.map((row) => ({
        accountId: row.account_id,
        id: row.id,
        sealed: row.sealed,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      }));
    },
    async addFirst(row) {
      await db
        .insertInto('signing_secrets')
        .values(columnsOf(row))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async rotate(row, until) {
      await db.transaction().execute(async (tx) => {
        await tx
          .updateTable('signing_secrets')
          .set({ expires_at: until })
          .where('account_id', '=', row.accountId)
          .where('expires_at', 'is', null)
          .execute();
        // What ran out signs nothing again: two at most are kept beside the new one.
        await tx
          .deleteFrom('signing_secrets')
          .where('account_id', '=', row.accountId)
          .where('expires_at', '<=', row.createdAt)
          .execute();
        await tx.insertInto('signing_secrets').values(columnsOf(row)).execute();
      });
    },
  };
}

function columnsOf({ accountId, id, sealed, createdAt, expiresAt }: SigningSecretRow) {
  return { account_id: accountId, id, sealed, created_at: createdAt, expires_at: expiresAt };
}
