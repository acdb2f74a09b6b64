import type { Mode } from '../../rules/accept.ts';
import { kindsAmong, type Listens, NOBODY_LISTENS } from '../../rules/callback.ts';
import type { CallbackEndpointColumns, Database } from '../schema.ts';
import { dropWaiting } from './drop-waiting.ts';
import { lockAccount } from './lock-account.ts';
import { insertSigningSecret, type SigningSecretRow } from './signing-secrets.ts';

/** Where an account's callbacks of one mode go, besides its own URL. */
export interface CallbackEndpointRow {
  readonly accountId: string;
  readonly id: string;
  /** It is told of what was sent in this mode, and of nothing else. */
  readonly mode: Mode;
  readonly urlSealed: string;
  readonly description: string;
  /** The events that it is told of, or `*` alone. */
  readonly events: readonly string[];
  readonly state: 'enabled' | 'disabled';
  /** Why it is disabled; null: it is not. `gone`: it answered 410. */
  readonly reason: 'gone' | 'switched_off' | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type CallbackEndpointPatch = Partial<
  Pick<CallbackEndpointRow, 'urlSealed' | 'description' | 'events' | 'state' | 'reason'>
>;

export interface CallbackEndpointStore {
  /** Adds an endpoint and its first secret in one commit. False, and nothing is written, when there are `most` of its mode already. */
  add(row: CallbackEndpointRow, secret: SigningSecretRow, most: number): Promise<boolean>;
  /** Newest first. */
  list(accountId: string): Promise<readonly CallbackEndpointRow[]>;
  get(accountId: string, id: string): Promise<CallbackEndpointRow | null>;
  /** One that was disabled is enabled without what it missed: what still waits for it is dropped before. Null: there is none. */
  patch(accountId: string, id: string, patch: CallbackEndpointPatch, now: number): Promise<CallbackEndpointRow | null>;
  /**
   * Disables an endpoint that is gone, if its URL is still the one that said so; false: it is another by now, or was disabled before.
   */
  disableGone(accountId: string, id: string, urlSealed: string, now: number): Promise<boolean>;
  /** Deletes an endpoint and its secrets in one commit. False when there was none. */
  delete(accountId: string, id: string): Promise<boolean>;
}

export function callbackEndpointStore(db: Database): CallbackEndpointStore {
  async function get(accountId: string, id: string): Promise<CallbackEndpointRow | null> {
    const row = await ofAccount(db, accountId).where('id', '=', id).executeTakeFirst();
    return row ? endpointOf(row) : null;
  }

  return {
    get,
    add: (row, secret, most) =>
      db.transaction().execute(async (tx) => {
        await lockAccount(tx, row.accountId);
        const others = await ofAccount(tx, row.accountId).where('mode', '=', row.mode).execute();
        if (others.length >= most) return false;
        const { accountId, id, mode, createdAt, updatedAt } = row;
        await tx
          .insertInto('callback_endpoints')
          .values({
            ...{ account_id: accountId, id, mode, created_at: createdAt, updated_at: updatedAt },
            ...columnsOf(row),
          })
          .execute();
        await insertSigningSecret(tx, secret);
        return true;
      }),
    async list(accountId) {
      return (await ofAccount(db, accountId).orderBy('id', 'desc').execute()).map(endpointOf);
    },
    async patch(accountId, id, patch, now) {
      if (patch.state === 'enabled' && (await get(accountId, id))?.state === 'disabled') {
        await dropWaiting(db, accountId, id, now);
      }
      await db
        .updateTable('callback_endpoints')
        .set({ ...columnsOf(patch), updated_at: now })
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .execute();
      return get(accountId, id);
    },
    async disableGone(accountId, id, urlSealed, now) {
      const { numUpdatedRows } = await db
        .updateTable('callback_endpoints')
        .set({ state: 'disabled', reason: 'gone', updated_at: now })
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .where('url_sealed', '=', urlSealed)
        .where('state', '=', 'enabled')
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    delete: (accountId, id) =>
      db.transaction().execute(async (tx) => {
        const { numDeletedRows } = await tx
          .deleteFrom('callback_endpoints')
          .where('account_id', '=', accountId)
          .where('id', '=', id)
          .executeTakeFirstOrThrow();
        await tx.deleteFrom('signing_secrets').where('account_id', '=', accountId).where('endpoint', '=', id).execute();
        return numDeletedRows > 0n;
      }),
  };
}

/** What the endpoints of accounts listen to; an account without one that is enabled is left out. */
export async function listensOf(db: Database, accountIds: readonly string[]): Promise<ReadonlyMap<string, Listens>> {
  if (accountIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('callback_endpoints')
    .select(['account_id', 'mode', 'events'])
    .where('account_id', 'in', accountIds)
    .where('state', '=', 'enabled')
    .execute();
  const listens = new Map<string, Listens>();
  for (const { account_id: id, mode, events } of rows) {
    const known = listens.get(id) ?? NOBODY_LISTENS;
    const kinds = new Set([...known[mode], ...kindsAmong(JSON.parse(events) as string[])]);
    listens.set(id, { ...known, [mode]: [...kinds] });
  }
  return listens;
}

function ofAccount(db: Database, accountId: string) {
  return db.selectFrom('callback_endpoints').selectAll().where('account_id', '=', accountId);
}

type Columns = Pick<CallbackEndpointColumns, 'url_sealed' | 'description' | 'events' | 'state' | 'reason'>;

function columnsOf(row: CallbackEndpointRow): Columns;
function columnsOf(patch: CallbackEndpointPatch): Partial<Columns>;
function columnsOf({ urlSealed, description, events, state, reason }: CallbackEndpointPatch): Partial<Columns> {
  return {
    ...(urlSealed !== undefined && { url_sealed: urlSealed }),
    ...(description !== undefined && { description }),
    ...(events !== undefined && { events: JSON.stringify(events) }),
    ...(state !== undefined && { state }),
    ...(reason !== undefined && { reason }),
  };
}

function endpointOf(row: CallbackEndpointColumns): CallbackEndpointRow {
  const { id, mode, description, state, reason } = row;
  return {
    ...{ id, mode, description, state, reason },
    accountId: row.account_id,
    urlSealed: row.url_sealed,
    events: JSON.parse(row.events) as string[],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
