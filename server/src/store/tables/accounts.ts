import type { Pool } from '../../errors.ts';
import { PassbellError } from '../../errors.ts';
import type { AccountSettings } from '../../rules/account-settings.ts';
import { defaultSettings } from '../../rules/account-settings.ts';
import { type Listens, NOBODY_LISTENS } from '../../rules/callback.ts';
import type { AccountColumns, Database } from '../schema.ts';
import { listensOf } from './callback-endpoints.ts';
import { openBalances } from './credits.ts';
import type { ApiKey } from './keys.ts';
import { keyColumns } from './keys.ts';
import { erasedThrough } from './retention.ts';
import { shortenContent } from './shorten-content.ts';
import type { User } from './users.ts';
import { insertUser } from './users.ts';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly country: string;
  readonly timeZone: string;
  /** What a signed-in session acts as: an account stays in the sandbox until its operator takes it live. */
  readonly mode: 'test' | 'live';
  readonly settings: AccountSettings;
  /** What its callback endpoints want to know of. Only read: the endpoints themselves say so. */
  readonly listens: Listens;
  readonly createdAt: number;
  readonly disabledAt: number | null;
}

export type AccountPatch = Partial<Pick<Account, 'name' | 'country' | 'timeZone' | 'mode' | 'settings' | 'disabledAt'>>;

/** An account with all that it starts with. `keys` may hold an admin token: the very first account comes with one. */
export interface Opening {
  readonly account: Account;
  readonly users: readonly User[];
  readonly keys: readonly ApiKey[];
  /** Grants of at least 1 credit, written as ledger entries at the account's creation time. */
  readonly grants: readonly {
    readonly id: string;
    readonly pool: Pool;
    readonly amount: number;
    readonly note: string;
  }[];
}

export interface AccountStore {
  /**
   * Creates an account with its users, keys and first credits, in one commit: no half account is ever seen, and of two calls for
   * one login exactly one succeeds. Rejects with `conflict` when the login or an e-mail is taken.
   */
  open(opening: Opening): Promise<void>;
  /** Creates the account with both balances at 0. Rejects with `conflict` when the login is taken. */
  create(account: Account): Promise<void>;
  get(id: string): Promise<Account | null>;
  byLogin(login: string): Promise<Account | null>;
  /** Newest first; `after` is the id of the last one seen. */
  list(limit: number, after: string | null): Promise<readonly Account[]>;
  /**
   * Changes what `patch` has. Where codes may be shown for a shorter time than before, what was to be kept for that is erased sooner too: in
   * small commits first, and with the change itself what was sent meanwhile. Broken off between them, nothing is changed but some of that.
   * What is sent just then, here or by another node that does not know yet, is kept for as long as it was before.
   */
  patch(id: string, patch: AccountPatch): Promise<Account | null>;
  count(): Promise<number>;
}

export function accountStore(db: Database): AccountStore {
  async function whole(rows: readonly AccountColumns[]): Promise<readonly Account[]> {
    const listens = await listensOf(
      db,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => accountOf(row, listens.get(row.id) ?? NOBODY_LISTENS));
  }

  async function one(column: 'id' | 'login', value: string): Promise<Account | null> {
    const rows = await db.selectFrom('accounts').selectAll().where(column, '=', value).execute();
    return (await whole(rows))[0] ?? null;
  }

  async function open({ account, users, keys, grants }: Opening): Promise<void> {
    await db.transaction().execute(async (tx) => {
      const { numInsertedOrUpdatedRows: inserted } = await tx
        .insertInto('accounts')
        .values({ ...columnsOf(account), id: account.id, login: account.login, created_at: account.createdAt })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (inserted === 0n) throw new PassbellError('conflict', { field: 'login', reason: 'taken' });
      await openBalances(tx, account, grants);
      for (const user of users) await insertUser(tx, user);
      if (keys.length > 0) await tx.insertInto('api_keys').values(keys.map(keyColumns)).execute();
    });
  }

  /** How long codes may be shown after the patch, ms, if that is shorter than before; null: it is not. */
  async function shorterReveal(id: string, { settings }: AccountPatch): Promise<number | null> {
    if (settings === undefined) return null;
    const before = (await one('id', id))?.settings.revealSeconds ?? 0;
    return settings.revealSeconds < before ? settings.revealSeconds * 1000 : null;
  }

  return {
    open,
    create: (account) => open({ account, users: [], keys: [], grants: [] }),
    get: (id) => one('id', id),
    byLogin: (login) => one('login', login),
    async list(limit, after) {
      let query = db.selectFrom('accounts').selectAll().orderBy('id', 'desc').limit(limit);
      if (after !== null) query = query.where('id', '<', after);
      return whole(await query.execute());
    },
    async patch(id, patch) {
      const columns = columnsOf(patch);
      const change = (within: Database) => within.updateTable('accounts').set(columns).where('id', '=', id).execute();
      const revealMs = await shorterReveal(id, patch);
      if (revealMs !== null) {
        const through = await shortenContent(db, id, revealMs, await erasedThrough(db, id));
        await db.transaction().execute(async (tx) => {
          await change(tx);
          await shortenContent(tx, id, revealMs, through);
        });
      } else if (Object.keys(columns).length > 0) await change(db);
      return one('id', id);
    },
    async count() {
      const { count } = await db
        .selectFrom('accounts')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

function columnsOf(account: Account): Omit<AccountColumns, 'id' | 'login' | 'created_at'>;
function columnsOf(patch: AccountPatch): Partial<AccountColumns>;
function columnsOf({ name, country, timeZone, mode, settings, disabledAt }: AccountPatch): Partial<AccountColumns> {
  return {
    ...(name !== undefined && { name }),
    ...(country !== undefined && { country }),
    ...(timeZone !== undefined && { time_zone: timeZone }),
    ...(mode !== undefined && { mode }),
    ...(settings !== undefined && { settings: JSON.stringify(settings) }),
    ...(disabledAt !== undefined && { disabled_at: disabledAt }),
  };
}

function accountOf(row: AccountColumns, listens: Listens): Account {
  const { id, name, login, country, mode } = row;
  const settings = { ...defaultSettings, ...(JSON.parse(row.settings) as Partial<AccountSettings>) };
  return {
    id,
    name,
    login,
    country,
    timeZone: row.time_zone,
    mode,
    settings,
    listens,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  };
}
