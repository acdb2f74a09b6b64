import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import { openRig, type Rig } from './rig.ts';
import { userSessions } from './user-sessions.ts';

const DAY = 86_400_000;
const PASSWORD = 'correct horse';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

async function signedIn() {
  const opened = await rig.account({ password: PASSWORD });
  const signIn = await rig.sessions.signIn(opened.user.email, PASSWORD);
  if (signIn === null) throw new Error('could not sign in');
  return { ...opened, signIn };
}

describe('signIn', () => {
  it('takes the right password, and the e-mail in any case', async () => {
    const { account, user } = await rig.account({ password: PASSWORD });
    const signIn = await rig.sessions.signIn(` ${user.email.toUpperCase()} `, PASSWORD);
    expect(await rig.sessions.caller(signIn?.access ?? '')).toMatchObject({
      ...{ account: { id: account.id }, mode: 'test', role: 'member', via: { kind: 'session' } },
    });
    expect(signIn?.accessExpiresAt).toBe(rig.clock.now() + DAY);
    expect(signIn?.refreshExpiresAt).toBe(rig.clock.now() + 30 * DAY);
  });

  it('gives null for a wrong password and for an unknown e-mail', async () => {
    const { user } = await rig.account({ password: PASSWORD });
    expect(await rig.sessions.signIn(user.email, `${PASSWORD}.`)).toBeNull();
    expect(await rig.sessions.signIn('nobody@example.com', PASSWORD)).toBeNull();
  });

  it('does the work of a hash for an unknown e-mail too', async () => {
    const verified: (string | null)[] = [];
    const { store, clock, random, ids, passwords } = rig;
    const sessions = userSessions({
      ...{ store, clock, random, ids },
      passwords: {
        ...passwords,
        verify(password, hash) {
          verified.push(hash);
          return passwords.verify(password, hash);
        },
      },
    });
    await sessions.signIn('nobody@example.com', 'x');
    expect(verified).toEqual([null]);
  });

  it('stops guessing at an e-mail, also of guesses made at once, and not the owner for long', async () => {
    const { user } = await rig.account({ password: PASSWORD });
    const guesses = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) => rig.sessions.signIn(user.email, `guess ${i}`, `192.0.2.${i}`)),
    );
    expect(guesses.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    await expect(rig.sessions.signIn(user.email, PASSWORD)).rejects.toThrow(
      new PassbellError('rate_limited', {
        limit: 'sign_in',
        retryAfterMs: 90_000,
      }),
    );
    rig.clock.advance(90_000);
    expect(await rig.sessions.signIn(user.email, PASSWORD)).not.toBeNull();
  });

  it('lets a script sign in as often as it likes', async () => {
    const { user } = await rig.account({ password: PASSWORD });
    for (let i = 0; i < 30; i++) expect(await rig.sessions.signIn(user.email, PASSWORD, '198.51.100.1')).not.toBeNull();
  });

  it('turns a disabled account away, if the password was right', async () => {
    const { account, user, signIn } = await signedIn();
    await rig.store.accounts.patch(account.id, { disabledAt: rig.clock.now() });
    await expect(rig.sessions.signIn(user.email, PASSWORD)).rejects.toThrow('forbidden');
    expect(await rig.sessions.signIn(user.email, 'wrong')).toBeNull();
    await expect(rig.sessions.caller(signIn.access)).rejects.toThrow('forbidden');
  });
});

describe('an access token', () => {
  it('ends after a day', async () => {
    const { signIn } = await signedIn();
    rig.clock.advance(DAY - 1);
    expect(await rig.sessions.caller(signIn.access)).not.toBeNull();
    rig.clock.advance(1);
    expect(await rig.sessions.caller(signIn.access)).toBeNull();
  });

  it('is no refresh token, nor the other way round', async () => {
    const { signIn } = await signedIn();
    expect(await rig.sessions.caller(signIn.refresh)).toBeNull();
    expect(await rig.sessions.refresh(signIn.access)).toBeNull();
  });

  it.each(['', 'pba_', 'x'.repeat(10_000)])('is not %j', async (token) => {
    expect(await rig.sessions.caller(token)).toBeNull();
    expect(await rig.sessions.refresh(token)).toBeNull();
    await rig.sessions.signOut(token);
  });

  it('ends with signing out, and its refresh token with it', async () => {
    const { signIn } = await signedIn();
    await rig.sessions.signOut(signIn.access);
    expect(await rig.sessions.caller(signIn.access)).toBeNull();
    expect(await rig.sessions.refresh(signIn.refresh)).toBeNull();
  });
});

describe('refresh', () => {
  it('gives new tokens and ends the old', async () => {
    const { signIn } = await signedIn();
    const next = await rig.sessions.refresh(signIn.refresh);
    expect(await rig.sessions.caller(signIn.access)).toBeNull();
    expect(await rig.sessions.caller(next?.access ?? '')).not.toBeNull();
    expect(await rig.sessions.refresh(next?.refresh ?? '')).not.toBeNull();
  });

  it('with a token that was used ends the sign-in for whoever has the newer one', async () => {
    const { signIn } = await signedIn();
    const second = await rig.sessions.refresh(signIn.refresh);
    const third = await rig.sessions.refresh(second?.refresh ?? '');
    expect(await rig.sessions.refresh(signIn.refresh)).toBeNull();
    expect(await rig.sessions.caller(third?.access ?? '')).toBeNull();
    expect(await rig.sessions.refresh(third?.refresh ?? '')).toBeNull();
  });

  it('does not touch another sign-in of the same user', async () => {
    const { user, signIn } = await signedIn();
    const other = await rig.sessions.signIn(user.email, PASSWORD);
    await rig.sessions.refresh(signIn.refresh);
    await rig.sessions.refresh(signIn.refresh);
    expect(await rig.sessions.caller(other?.access ?? '')).not.toBeNull();
  });

  it('of one token many times at once leaves at most one sign-in', async () => {
    const { signIn } = await signedIn();
    const tokens = await Promise.all(Array.from({ length: 8 }, () => rig.sessions.refresh(signIn.refresh)));
    const callers = await Promise.all(tokens.map((token) => rig.sessions.caller(token?.access ?? '')));
    expect(callers.filter((caller) => caller !== null).length).toBeLessThanOrEqual(1);
  });

  it('ends after 30 days', async () => {
    const { signIn } = await signedIn();
    rig.clock.advance(30 * DAY);
    expect(await rig.sessions.refresh(signIn.refresh)).toBeNull();
  });
});

it('no token stands in the store', async () => {
  const { signIn } = await signedIn();
  const digests: string[] = [];
  const { store, clock, random, ids, passwords } = rig;
  const sessions = userSessions({
    ...{ clock, random, ids, passwords },
    store: {
      accounts: store.accounts,
      users: {
        ...store.users,
        openSession(rows) {
          digests.push(...rows.map((row) => JSON.stringify(row)));
          return store.users.openSession(rows);
        },
      },
    },
  });
  const next = await sessions.refresh(signIn.refresh);
  expect(digests).toHaveLength(2);
  expect(digests.join()).not.toContain(next?.access);
  expect(digests.join()).not.toContain(next?.refresh.slice(-43));
});
