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
