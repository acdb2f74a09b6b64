/** A person who signs in with e-mail and password. An operator runs the whole service; a member sees one account. */
export interface User {
  readonly id: string;
  readonly accountId: string;
  /** Lower case. */
  readonly email: string;
  /** `$argon2id$…` */
  readonly passwordHash: string;
  readonly role: 'operator' | 'member';
  readonly profile: Profile;
  readonly createdAt: number;
}

export interface Profile {
  readonly firstName: string;
  readonly lastName: string;
  readonly contactNumber: string | null;
  readonly address: string | null;
}

/** A signed-in session: one row for each token, access or refresh. */
export interface Session {
  /** SHA-256 of the token, base64url. */
  readonly digest: string;
  readonly kind: 'access' | 'refresh';
  /** What the access and refresh tokens of one sign-in share. */
  readonly family: string;
  readonly userId: string;
  readonly accountId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface UserStore {
  create(user: User): Promise<void>;
  byEmail(email: string): Promise<User | null>;
  get(id: string): Promise<User | null>;
  setPassword(id: string, passwordHash: string): Promise<void>;
  openSession(sessions: readonly Session[]): Promise<void>;
  /** The session and its user, unless it ran out. */
  session(digest: string, now: number): Promise<{ readonly session: Session; readonly user: User } | null>;
  /** Ends one sign-in with all its tokens; of two racing calls exactly one resolves to true. */
  closeFamily(family: string): Promise<boolean>;
  /** Deletes what ran out. */
  sweepSessions(now: number): Promise<void>;
}
