/** A message that reached the sandbox phone. */
export interface HandsetRow {
  readonly accountId: string;
  readonly id: string;
  /** Keyed digest of account and number: what a filter by number looks up. */
  readonly numberDigest: string;
  /** The whole message as JSON, sealed: it holds the code. */
  readonly sealed: string;
  readonly receivedAt: number;
}

export interface HandsetStore {
  add(rows: readonly HandsetRow[]): Promise<void>;
  /** Newest first. */
  list(accountId: string, numberDigest: string | null, limit: number): Promise<readonly HandsetRow[]>;
  /** The oldest one after the id `after` (null: from the beginning). */
  next(accountId: string, numberDigest: string | null, after: string | null): Promise<HandsetRow | null>;
  /** Deletes messages received before `before`, at most `limit`. */
  sweep(before: number, limit: number): Promise<number>;
}
