import { PassbellError } from '../../errors.ts';
import type { Database, SessionColumns, UserColumns } from '../schema.ts';
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

export function userStore(db: Database): UserStore {
  async function one(column: 'id' | 'email', value: string): Promise<User | null> {
    const row = await db.selectFrom('users').selectAll().where(column, '=', value).executeTakeFirst();
    return row ? userOf(row) : null;
  }

  return {
    create: (user) => insertUser(db, user),
    byEmail: (email) => one('email', email),
    get: (id) => one('id', id),
    async setPassword(id, passwordHash) {
      await db.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', id).execute();
    },
    async openSession(sessions) {
      await db.insertInto('sessions').values(sessions.map(sessionColumns)).execute();
    },
    async session(digest, now) {
      const row = await db
        .selectFrom('sessions')
        .selectAll()
        .where('digest', '=', digest)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      if (row === undefined) return null;
      const user = await one('id', row.user_id);
      return user && { session: sessionOf(row), user };
    },
    async closeFamily(family) {
      const { numDeletedRows } = await db.deleteFrom('sessions').where('family', '=', family).executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
    async sweepSessions(now) {
      await db.deleteFrom('sessions').where('expires_at', '<=', now).execute();
    },
  };
}

/** Rejects with `conflict` when the e-mail is taken. */
export async function insertUser(db: Database, user: User): Promise<void> {
  const { id, accountId, email, passwordHash, role, profile, createdAt } = user;
  const { numInsertedOrUpdatedRows: inserted } = await db
    .insertInto('users')
    .values({
      id,
      account_id: accountId,
      email,
      password_hash: passwordHash,
      role,
      profile: JSON.stringify(profile),
      created_at: createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (inserted === 0n) throw new PassbellError('conflict', { field: 'email', reason: 'taken' });
}

function userOf(row: UserColumns): User {
  const { id, email, role } = row;
  return {
    id,
    accountId: row.account_id,
    email,
    passwordHash: row.password_hash,
    role,
    profile: JSON.parse(row.profile) as Profile,
    createdAt: row.created_at,
  };
}

function sessionColumns({ digest, kind, family, userId, accountId, createdAt, expiresAt }: Session): SessionColumns {
  return { digest, kind, family, user_id: userId, account_id: accountId, created_at: createdAt, expires_at: expiresAt };
}

function sessionOf(row: SessionColumns): Session {
  const { digest, kind, family } = row;
  return {
    digest,
    kind,
    family,
    userId: row.user_id,
    accountId: row.account_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
