import { PassbellError, type Pool } from '../errors.ts';
import { defaultSettings } from '../rules/account-settings.ts';
import { NOBODY_LISTENS } from '../rules/callback.ts';
import type { Store } from '../store/store.ts';
import type { Account, Opening } from '../store/tables/accounts.ts';
import type { KeyKind } from '../store/tables/keys.ts';
import type { User } from '../store/tables/users.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import type { Random } from '../values/random.ts';
import type { Secret } from '../values/secret.ts';
import { accountFaults } from './account-fields.ts';
import { drawKey, drawProductToken, keyRow } from './key.ts';
import { drawPassword, type Passwords } from './password.ts';

export interface NewAccount {
  /** An e-mail address, unique in the service: what Octopush's clients send as `api-login`, and what the user signs in with. */
  readonly login: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2: where numbers without a calling code belong, and by default the only country that is sent to. */
  readonly country: string;
  /** IANA name: which day and hour lists and reports speak of. */
  readonly timezone: string;
  /** Whole credits, 0 … 1e12. */
  readonly smsCredits: number;
  readonly voiceCredits: number;
  /** 8 … 1,024 characters; drawn when absent. */
  readonly password?: string | undefined;
  /** Default: `member`. */
  readonly role?: User['role'];
}

/** A new account and its secrets, which are stored nowhere in this form: show them once. */
export interface OpenedAccount {
  readonly account: {
    readonly id: string;
    readonly login: string;
    readonly keys: Readonly<Record<'test' | 'live', string>>;
    readonly productTokens: Readonly<Record<'test' | 'live', string>>;
  };
  /** `password` is null when the caller chose it. */
  readonly user: { readonly email: string; readonly password: string | null };
}

export interface OpeningDeps {
  readonly store: Pick<Store, 'accounts'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly passwords: Passwords;
}

/**
 * Opens an account: its user, a test and a live key, a test and a live product token, its first credits; all or nothing.
 * Rejects with `invalid_request` (every fault at once, by the admin API's field names), `conflict` (the login is taken) or `unavailable`.
 */
export async function openAccount(deps: OpeningDeps, wanted: NewAccount): Promise<OpenedAccount> {
  const { opening, opened } = await draftAccount(deps, wanted);
  await deps.store.accounts.open(opening);
  return opened;
}

/** An account as it is to be saved, and what to show of it once it is. */
export async function draftAccount(
  { clock, random, ids, passwords }: Omit<OpeningDeps, 'store'>,
  wanted: NewAccount,
): Promise<{ opening: Opening; opened: OpenedAccount }> {
  const { name, country, timezone, smsCredits, voiceCredits } = wanted;
  const login = loginOf(wanted.login);
  const faults = accountFaults({
    ...{ login, name, country, timezone, sms_credits: smsCredits, voice_credits: voiceCredits },
    password: wanted.password,
  });
  if (faults.length > 0) throw new PassbellError('invalid_request', { faults });

  const id = ids();
  const now = clock.now();
  const account: Account = {
    ...{ id, name, login, country, timeZone: timezone, mode: 'test', settings: defaultSettings },
    ...{ listens: NOBODY_LISTENS, createdAt: now, disabledAt: null },
  };
  const keys = { test: drawKey('test', random), live: drawKey('live', random) };
  const productTokens = { test: drawProductToken(random), live: drawProductToken(random) };
  const password = wanted.password ?? drawPassword(random);
  const user: User = {
    ...{ id: ids(), accountId: id, email: login, passwordHash: await passwords.hash(password) },
    ...{ role: wanted.role ?? 'member', createdAt: now },
    profile: { firstName: '', lastName: '', contactNumber: null, address: null },
  };
  const rowOf = (secret: Secret, kind: KeyKind, mode: 'test' | 'live', name: string) =>
    keyRow(secret, { id: ids(), accountId: id, kind, mode, name, createdAt: now });
  const first = { sms: smsCredits, voice: voiceCredits } satisfies Record<Pool, number>;
  return {
    opening: {
      account,
      users: [user],
      keys: [
        rowOf(keys.test, 'api_key', 'test', 'First test key'),
        rowOf(keys.live, 'api_key', 'live', 'First live key'),
        rowOf(productTokens.test, 'product_token', 'test', 'First test product token'),
        rowOf(productTokens.live, 'product_token', 'live', 'First live product token'),
      ],
      grants: (['sms', 'voice'] as const)
        .filter((pool) => first[pool] > 0)
        .map((pool) => ({ id: ids(), pool, amount: first[pool], note: 'Opening credits' })),
    },
    opened: {
      account: { id, login, keys: revealed(keys), productTokens: revealed(productTokens) },
      user: { email: login, password: wanted.password === undefined ? password : null },
    },
  };
}

/** A login as it is kept, and looked for. */
export function loginOf(text: string): string {
  return text.trim().toLowerCase();
}

function revealed({ test, live }: Record<'test' | 'live', Secret>): Record<'test' | 'live', string> {
  return { test: test.reveal(), live: live.reveal() };
}
