import type { Caller } from './caller.ts';

export interface SignIn {
  /** Opaque tokens; the access token lives a day, the refresh token 30 days. */
  readonly access: string;
  readonly refresh: string;
  /** Milliseconds since the epoch. */
  readonly accessExpiresAt: number;
  readonly refreshExpiresAt: number;
}

/** Signing in with e-mail and password. */
export interface Sessions {
  /**
   * Null when e-mail or password are wrong; takes as long either way. `address` is the client's IP address: failures are counted
   * for each e-mail and for each address. Rejects with `rate_limited` (`sign_in`), `forbidden` (disabled account, right password)
   * or `unavailable` (`overloaded`: too many sign-ins at once).
   */
  signIn(email: string, password: string, address?: string): Promise<SignIn | null>;
  /** Trades a refresh token for new tokens; the old ones end. Null when it is unknown or has run out; one that was used already ends the whole sign-in. */
  refresh(token: string): Promise<SignIn | null>;
  /** The caller behind an access token; null when it is unknown or has run out. Rejects with `forbidden` when the account is disabled. */
  caller(accessToken: string): Promise<(Caller & { readonly role: 'operator' | 'member' }) | null>;
  signOut(accessToken: string): Promise<void>;
}
