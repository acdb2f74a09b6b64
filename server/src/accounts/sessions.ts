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
  /** Null when e-mail or password are wrong; takes as long either way. */
  signIn(email: string, password: string): Promise<SignIn | null>;
  /** Trades a refresh token for new tokens; the old ones end. Null when it is unknown, used or has run out. */
  refresh(token: string): Promise<SignIn | null>;
  /** The caller behind an access token; null when it is unknown or has run out. */
  caller(accessToken: string): Promise<(Caller & { readonly role: 'operator' | 'member' }) | null>;
  signOut(accessToken: string): Promise<void>;
}
