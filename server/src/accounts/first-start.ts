import { isError } from '../errors.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import type { Random } from '../values/random.ts';
import { drawKey, keyRow } from './key.ts';
import { draftAccount, type OpenedAccount, type OpeningDeps } from './open-account.ts';
import { argonPasswords, drawPassword, type Passwords } from './password.ts';

/** What the very first start makes: an account that can send at once, and the operator who runs the service. Shown once. */
export interface FirstStart extends OpenedAccount {
  readonly user: { readonly email: string; readonly password: string };
  readonly adminToken: string;
}

export interface FirstStartDeps {
  readonly store: OpeningDeps['store'];
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  /** Default: Argon2id at OWASP's cost. */
  readonly passwords?: Passwords;
}

const FIRST = {
  login: 'owner@example.com',
  name: 'Passbell',
  country: 'NP',
  timezone: 'Asia/Kathmandu',
  smsCredits: 10_000,
  voiceCredits: 10_000,
  role: 'operator',
} as const;

/**
 * Makes the first account of an empty store, in one commit with its admin token. Null when there is an account already: of nodes
 * that start together, one makes it, and the login, which is unique, turns the others away.
 */
export async function firstStart(deps: FirstStartDeps): Promise<FirstStart | null> {
  const { store, clock, random, ids, passwords = argonPasswords(random) } = deps;
  if ((await store.accounts.count()) > 0) return null;
  const password = drawPassword(random);
  const { opening, opened } = await draftAccount({ clock, random, ids, passwords }, { ...FIRST, password });
  const admin = drawKey('admin', random);
  const adminRow = keyRow(admin, {
    ...{ id: ids(), accountId: null, kind: 'admin_token', mode: 'live' },
    ...{ name: 'First admin token', createdAt: clock.now() },
  });
  try {
    await store.accounts.open({ ...opening, keys: [...opening.keys, adminRow] });
  } catch (error) {
    if (isError(error, 'conflict')) return null;
    throw error;
  }
  return { ...opened, user: { email: FIRST.login, password }, adminToken: admin.reveal() };
}
