import type { Mode } from '../rules/accept.ts';
import type { Account } from '../store/tables/accounts.ts';

/** Who a request speaks for: an account, in one mode, by a key or by a signed-in session. */
export interface Caller {
  readonly account: Account;
  /** `test` reaches only the handset; `live` only real carriers and trunks. A session acts in its account's own mode. */
  readonly mode: Mode;
  readonly via:
    | { readonly kind: 'key'; readonly keyId: string }
    | { readonly kind: 'session'; readonly userId: string };
}
