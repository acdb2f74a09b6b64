import type { ApiKey } from '../store/tables/keys.ts';
import type { Caller } from './caller.ts';

/** Who is behind a key. Answers from memory; a change made by any node or by the command line is seen within a second. */
export interface Directory {
  /** The caller behind an API key. Rejects with `unauthorized`, `forbidden` (disabled account) or `unavailable` (the store cannot be asked). */
  byApiKey(key: string): Promise<Caller>;
  /** The caller behind a product token, and behind no other key; the token's case says nothing. Rejects as `byApiKey` does. */
  byProductToken(token: string): Promise<Caller>;
  /** Whether this is a valid admin token. Rejects with `unauthorized` if not. */
  byAdminToken(token: string): Promise<ApiKey>;
  /**
   * Sees at once, on this node, what was changed before the call: for a change that must hold when it is answered. Never rejects:
   * a store that cannot be asked is not believed a second later anyway.
   */
  refresh(): Promise<void>;
  close(): Promise<void>;
}
