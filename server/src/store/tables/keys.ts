import type { Database, KeyColumns } from '../schema.ts';
import { lockAccount } from './lock-account.ts';

export type KeyKind = 'api_key' | 'product_token' | 'admin_token';

export interface ApiKey {
  readonly id: string;
  /** Null for an admin token: it belongs to the operator. */
  readonly accountId: string | null;
  readonly kind: KeyKind;
  readonly mode: 'test' | 'live';
  /** SHA-256 of the whole key, base64url. The key itself is stored nowhere. */
  readonly digest: string;
  /** What people recognise it by: prefix and last four characters. */
  readonly hint: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  /** From when it no longer works; in the future during an overlapping rotation. */
  readonly revokedAt: number | null;
}

export interface KeyStore {
  create(key: ApiKey): Promise<void>;
  /** Inserts a key of an account's, in one commit. False, and nothing is written, when `most` of its keys work at `now` already. */
  add(key: ApiKey & { readonly accountId: string }, most: number, now: number): Promise<boolean>;
  /** Inserts `key` and revokes the account's other keys of the same kind and mode at `at`, in one commit. */
  rotate(key: ApiKey, at: number): Promise<void>;
  byDigest(digest: string): Promise<ApiKey | null>;
  /** Newest first, revoked ones included. */
  list(accountId: string): Promise<readonly ApiKey[]>;
  /** False when there is no such key in the account, or it is revoked already. */
  revoke(accountId: string, id: string, at: number): Promise<boolean>;
  /** Notes uses, in one commit for all; does not move the revision. */
  touch(uses: readonly { readonly id: string; readonly at: number }[]): Promise<void>;
}

export function keyStore(db: Database): KeyStore {
  return {
    async create(key) {
      await db.insertInto('api_keys').values(keyColumns(key)).execute();
    },
    add: (key, most, now) =>
      db.transaction().execute(async (tx) => {
        const { accountId } = key;
        await lockAccount(tx, accountId);
        const { working } = await tx
          .selectFrom('api_keys')
          .select(({ fn }) => fn.countAll<number>().as('working'))
          .where('account_id', '=', accountId)
          .where((eb) => eb.or([eb('revoked_at', 'is', null), eb('revoked_at', '>', now)]))
          .executeTakeFirstOrThrow();
        if (Number(working) >= most) return false;
        await tx.insertInto('api_keys').values(keyColumns(key)).execute();
        return true;
      }),
    async rotate(key, at) {
      await db.transaction().execute(async (tx) => {
        await tx
          .updateTable('api_keys')
          .set({ revoked_at: at })
          .where('account_id', key.accountId === null ? 'is' : '=', key.accountId)
          .where('kind', '=', key.kind)
          .where('mode', '=', key.mode)
          .where((eb) => eb.or([eb('revoked_at', 'is', null), eb('revoked_at', '>', at)]))
          .execute();
        await tx.insertInto('api_keys').values(keyColumns(key)).execute();
      });
    },
    async byDigest(digest) {
      const row = await db.selectFrom('api_keys').selectAll().where('digest', '=', digest).executeTakeFirst();
      return row ? keyOf(row) : null;
    },
    async list(accountId) {
      const rows = await db
        .selectFrom('api_keys')
        .selectAll()
        .where('account_id', '=', accountId)
        .orderBy('id', 'desc')
        .execute();
      return rows.map(keyOf);
    },
    async revoke(accountId, id, at) {
      const { numUpdatedRows } = await db
        .updateTable('api_keys')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('account_id', '=', accountId)
        .where((eb) => eb.or([eb('revoked_at', 'is', null), eb('revoked_at', '>', at)]))
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async touch(uses) {
      if (uses.length === 0) return;
      await db.transaction().execute(async (tx) => {
        // In one order on every node: two nodes that note the same keys must not wait for each other.
        for (const { id, at } of uses.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
          await tx
            .updateTable('api_keys')
            .set({ last_used_at: at })
            .where('id', '=', id)
            .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', at)]))
            .execute();
        }
      });
    },
  };
}

export function keyColumns(key: ApiKey): KeyColumns {
  const { id, accountId, kind, mode, digest, hint, name, createdAt, lastUsedAt, revokedAt } = key;
  return {
    id,
    account_id: accountId,
    kind,
    mode,
    digest,
    hint,
    name,
    created_at: createdAt,
    last_used_at: lastUsedAt,
    revoked_at: revokedAt,
  };
}

function keyOf(row: KeyColumns): ApiKey {
  const { id, kind, mode, digest, hint, name } = row;
  return {
    id,
    accountId: row.account_id,
    kind,
    mode,
    digest,
    hint,
    name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}
