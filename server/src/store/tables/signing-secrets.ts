import type { Database } from '../schema.ts';
import { lockAccount } from './lock-account.ts';

/** A secret that callbacks are signed with. */
export interface SigningSecretRow {
  readonly accountId: string;
  readonly id: string;
  /** Whose it is; null: the account's own. */
  readonly endpoint: string | null;
  readonly sealed: string;
  readonly createdAt: number;
  /** From when it signs no more; null: it is the newest. */
  readonly expiresAt: number | null;
}

export interface SigningSecretStore {
  /** Those in force at `now`, the account's own and its endpoints', newest first. */
  list(accountId: string, now: number): Promise<readonly SigningSecretRow[]>;
  /** Adds the account's first secret; what stands there already stays. */
  addFirst(row: SigningSecretRow): Promise<void>;
  /**
   * Adds a newer one, and lets the others of the same owner sign until `until`; in one commit. Nothing is written when `most` of the owner's
   * are in force already, nor for an endpoint that was removed.
   */
  rotate(row: SigningSecretRow, until: number, most: number): Promise<'drawn' | 'too_many' | 'owner_gone'>;
}

export function signingSecretStore(db: Database): SigningSecretStore {
  return {
    async list(accountId, now) {
      const rows = await inForce(db, accountId, now).orderBy('id', 'desc').execute();
      return rows.map((row) => ({
        accountId: row.account_id,
        id: row.id,
        endpoint: row.endpoint,
        sealed: row.sealed,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      }));
    },
    addFirst: (row) => insertSigningSecret(db, row),
    rotate: (row, until, most) =>
      db.transaction().execute(async (tx) => {
        const { accountId, endpoint, createdAt } = row;
        await lockAccount(tx, accountId);
        const others = (await inForce(tx, accountId, createdAt).execute()).filter((one) => one.endpoint === endpoint);
        // An endpoint has one as long as it is there.
        if (endpoint !== null && others.length === 0) return 'owner_gone';
        if (others.length >= most) return 'too_many';
        await tx
          .updateTable('signing_secrets')
          .set({ expires_at: until })
          .where('account_id', '=', accountId)
          .where('endpoint', endpoint === null ? 'is' : '=', endpoint)
          .where('expires_at', 'is', null)
          .execute();
        // What ran out signs nothing again.
        await tx
          .deleteFrom('signing_secrets')
          .where('account_id', '=', accountId)
          .where('expires_at', '<=', createdAt)
          .execute();
        await tx.insertInto('signing_secrets').values(columnsOf(row)).execute();
        return 'drawn';
      }),
  };
}

function inForce(db: Database, accountId: string, now: number) {
  return db
    .selectFrom('signing_secrets')
    .selectAll()
    .where('account_id', '=', accountId)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]));
}

/** Adds an owner's first secret; what stands there already stays. */
export async function insertSigningSecret(db: Database, row: SigningSecretRow): Promise<void> {
  await db
    .insertInto('signing_secrets')
    .values(columnsOf(row))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function columnsOf({ accountId, id, endpoint, sealed, createdAt, expiresAt }: SigningSecretRow) {
  return { account_id: accountId, id, endpoint, sealed, created_at: createdAt, expires_at: expiresAt };
}
