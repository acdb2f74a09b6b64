import { hash } from 'node:crypto';
import { PassbellError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Account } from '../store/tables/accounts.ts';
import type { Session, User } from '../store/tables/users.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import type { Random } from '../values/random.ts';
import { argonPasswords, type Passwords } from './password.ts';
import type { Sessions, SignIn } from './sessions.ts';
import { signInLimit } from './sign-in-limit.ts';

const DAY = 86_400_000;
const ACCESS_MS = DAY;
const REFRESH_MS = 30 * DAY;
const TOKEN_BYTES = 32;

/**
 * A refresh token carries its family, so that one that was used before, and whose row is gone, still names the sign-in that it
 * must end. Nobody learns a family but from its tokens.
 */
const REFRESH_TOKEN = /^pbr_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;
const ACCESS_TOKEN = /^pba_[A-Za-z0-9_-]{43}$/;

export interface SessionDeps {
  readonly store: Pick<Store, 'users' | 'accounts'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  /** Default: Argon2id at OWASP's cost. */
  readonly passwords?: Passwords;
}

/** Sessions of opaque tokens, 256 random bits each, of which the store keeps SHA-256. */
export function userSessions({ store, clock, random, ids, passwords = argonPasswords(random) }: SessionDeps): Sessions {
  const limit = signInLimit(clock);

  async function open(user: User, family: string): Promise<SignIn> {
    const now = clock.now();
    const access = `pba_${draw(random)}`;
    const refresh = `pbr_${family}_${draw(random)}`;
    const common = { family, userId: user.id, accountId: user.accountId, createdAt: now };
    const accessExpiresAt = now + ACCESS_MS;
    const refreshExpiresAt = now + REFRESH_MS;
    await store.users.openSession([
      { ...common, kind: 'access', digest: digestOf(access), expiresAt: accessExpiresAt },
      { ...common, kind: 'refresh', digest: digestOf(refresh), expiresAt: refreshExpiresAt },
    ]);
    return { access, refresh, accessExpiresAt, refreshExpiresAt };
  }

  async function find(token: string, kind: Session['kind']) {
    const found = await store.users.session(digestOf(token), clock.now());
    return found?.session.kind === kind ? found : null;
  }

  async function accountOf(user: User): Promise<Account | null> {
    const account = await store.accounts.get(user.accountId);
    if (account !== null && account.disabledAt !== null) {
      throw new PassbellError('forbidden', { reason: 'account_disabled' });
    }
    return account;
  }

  return {
    async signIn(email, password, address) {
      const mail = email.trim().toLowerCase();
      const succeeded = limit.attempt(mail, address);
      const user = await store.users.byEmail(mail);
      const right = await passwords.verify(password, user?.passwordHash ?? null);
      if (!right || user === null) return null;
      succeeded();
      return (await accountOf(user)) && open(user, ids());
    },

    async refresh(token) {
      const [, family] = REFRESH_TOKEN.exec(token) ?? [];
      if (family === undefined) return null;
      const found = await find(token, 'refresh');
      // Ended first, opened second: of two that trade one token at once, at most one is left with tokens that work. And who shows
      // a token that was traded before may have stolen it, or been stolen from: that sign-in ends for both (RFC 9700 §4.14.2).
      const ended = await store.users.closeFamily(family);
      if (!ended || found === null) return null;
      return (await accountOf(found.user)) && open(found.user, family);
    },

    async caller(accessToken) {
      const found = ACCESS_TOKEN.test(accessToken) ? await find(accessToken, 'access') : null;
      const account = found && (await accountOf(found.user));
      if (!found || !account) return null;
      const { id: userId, role } = found.user;
      return { account, mode: account.mode, via: { kind: 'session', userId }, role };
    },

    async signOut(accessToken) {
      const found = ACCESS_TOKEN.test(accessToken) ? await find(accessToken, 'access') : null;
      if (found) await store.users.closeFamily(found.session.family);
    },
  };
}

function draw(random: Random): string {
  return Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url');
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
