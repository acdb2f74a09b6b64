import type { AuditLog } from '../accounts/audit-log.ts';
import { PassbellError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { Mode } from '../rules/accept.ts';
import type { Store } from '../store/store.ts';
import type { CallbackEndpointPatch, CallbackEndpointRow } from '../store/tables/callback-endpoints.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import type { Secret } from '../values/secret.ts';
import type { Vault } from '../vault/vault.ts';
import type { AllowList } from './allow-list.ts';
import { type CallbackUrl, parseCallbackUrl } from './callback-url.ts';
import { noSuchEndpoint } from './no-such-endpoint.ts';
import type { SigningDesk } from './signing-desk.ts';

/** Of one mode: each has every callback sent once more. */
export const MOST_ENDPOINTS = 10;

/** A callback endpoint with its URL in clear. */
export interface CallbackEndpoint extends Omit<CallbackEndpointRow, 'accountId' | 'urlSealed'> {
  /** Empty when it was sealed under a key that is not here: nothing is then sent to it. */
  readonly url: string;
}

/** What its owner says of an endpoint. The URL and the events were judged before. */
export interface EndpointWish {
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  readonly state: CallbackEndpoint['state'];
}

/**
 * Where an account's callbacks go besides its own URL. What takes a mode is within that mode: a test key reaches no live endpoint, and an id
 * that is not there rejects with `not_found`.
 */
export interface EndpointDesk {
  /** Of both modes, newest first. */
  all(accountId: string): Promise<readonly CallbackEndpoint[]>;
  /** Newest first. */
  list(accountId: string, mode: Mode): Promise<readonly CallbackEndpoint[]>;
  get(accountId: string, mode: Mode, id: string): Promise<CallbackEndpoint>;
  /** Rejects with `conflict` when there are too many. */
  create(
    accountId: string,
    mode: Mode,
    wish: EndpointWish,
  ): Promise<{ readonly endpoint: CallbackEndpoint; readonly secret: Secret }>;
  change(accountId: string, mode: Mode, id: string, wish: Partial<EndpointWish>): Promise<CallbackEndpoint>;
  remove(accountId: string, mode: Mode, id: string): Promise<void>;
  /** Has a `ping` sent to it, and gives the id of its row in the outbox. Rejects with `conflict` when it is disabled. */
  ping(accountId: string, mode: Mode, id: string): Promise<string>;
  /** Disables one that said that it is gone (410), if it is still there and `url` still its own, and writes that down. */
  gone(accountId: string, id: string, url: CallbackUrl): Promise<void>;
}

interface Deps {
  readonly store: Pick<Store, 'callbackEndpoints' | 'callbacks'>;
  readonly signing: Pick<SigningDesk, 'first'>;
  readonly vault: Pick<Vault, 'seal' | 'open'>;
  readonly allow: AllowList;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** Called after each change, and waited for: what is sent from then on goes by it. */
  readonly seen?: () => Promise<void>;
}

export function endpointDesk(deps: Deps): EndpointDesk {
  const { signing, vault, allow, audit, clock, ids, log, seen = async () => {} } = deps;
  const { callbackEndpoints: rows, callbacks } = deps.store;
  const place = (account: string, row: string) => ({ account, row, column: 'callback' }) as const;

  function opened({ accountId, urlSealed, ...row }: CallbackEndpointRow): CallbackEndpoint {
    return { ...row, url: vault.open(place(accountId, row.id), urlSealed) ?? '' };
  }

  async function find(accountId: string, mode: Mode, id: string): Promise<CallbackEndpointRow> {
    const row = await rows.get(accountId, id);
    if (row === null || row.mode !== mode) throw noSuchEndpoint();
    return row;
  }

  async function all(accountId: string): Promise<readonly CallbackEndpoint[]> {
    return (await rows.list(accountId)).map(opened);
  }

  return {
    all,
    async list(accountId, mode) {
      return (await all(accountId)).filter((one) => one.mode === mode);
    },
    async get(accountId, mode, id) {
      return opened(await find(accountId, mode, id));
    },
    async create(accountId, mode, { url, description, events, state }) {
      const [id, now] = [ids(), clock.now()];
      const row: CallbackEndpointRow = {
        ...{ accountId, id, mode, description, events, ...stateOf(state), createdAt: now, updatedAt: now },
        urlSealed: vault.seal(place(accountId, id), url),
      };
      const first = signing.first(accountId, id);
      if (!(await rows.add(row, first.row, MOST_ENDPOINTS))) {
        throw new PassbellError('conflict', { field: 'callback', reason: 'too_many_endpoints' });
      }
      await seen();
      return { endpoint: opened(row), secret: first.secret };
    },
    async change(accountId, mode, id, { url, description, events, state }) {
      await find(accountId, mode, id);
      const patch: CallbackEndpointPatch = {
        ...(url !== undefined && { urlSealed: vault.seal(place(accountId, id), url) }),
        ...(description !== undefined && { description }),
        ...(events !== undefined && { events }),
        ...(state !== undefined && stateOf(state)),
      };
      const changed = await rows.patch(accountId, id, patch, clock.now());
      if (changed === null) throw noSuchEndpoint();
      await seen();
      return opened(changed);
    },
    async remove(accountId, mode, id) {
      await find(accountId, mode, id);
      await rows.delete(accountId, id);
      await seen();
    },
    async ping(accountId, mode, id) {
      const { state } = await find(accountId, mode, id);
      if (state === 'disabled') throw new PassbellError('conflict', { field: 'state', reason: 'is_disabled' });
      const row = `${ids()}.ping`;
      await callbacks.add({ accountId, id: row, subjectId: id, event: 'ping', createdAt: clock.now() }, id);
      return row;
    },
    async gone(accountId, id, { href }) {
      const row = await rows.get(accountId, id);
      const own = row && parseCallbackUrl(opened(row).url, allow);
      if (row === null || own === null || 'fault' in own || own.url.href !== href) return;
      if (!(await rows.disableGone(accountId, id, row.urlSealed, clock.now()))) return;
      log.warn('callback_endpoint_gone', { account: accountId, endpoint: id });
      const what = { action: 'endpoint.change', objectType: 'endpoint', objectId: id, accountId } as const;
      // First: no further 410 comes here, should one of the two fail.
      await audit({ actor: 'system', requestId: null, ...what, detail: { fields: 'state', reason: 'gone' } });
      await seen();
    },
  };
}

/** Enabling it forgets why it was disabled. */
function stateOf(state: CallbackEndpoint['state']): Pick<CallbackEndpointRow, 'state' | 'reason'> {
  return { state, reason: state === 'enabled' ? null : 'switched_off' };
}
