import type { AuditLog } from '../accounts/audit-log.ts';
import type { AuditAction } from '../rules/audit.ts';
import type { Store } from '../store/store.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import type { UplinkKind, UplinkStore } from '../store/tables/uplinks.ts';

type Told = {
  readonly id: string;
  readonly accountId: string | null;
  readonly detail?: Record<string, string | number>;
};

/** The store as commands change it: what they did is written down as the command line's, whichever command it was. */
export function auditedStore(store: Store, audit: AuditLog): Store {
  const tell = (action: AuditAction, objectType: string, { id, accountId, detail = {} }: Told) =>
    audit({ actor: 'cli', requestId: null, action, objectType, objectId: id, accountId, detail });

  function uplinks<Kind extends UplinkKind>(stored: UplinkStore<Kind>, noun: 'carrier' | 'trunk'): UplinkStore<Kind> {
    return {
      ...stored,
      async put(row) {
        await stored.put(row);
        await tell(`${noun}.put`, noun, { id: row.name, accountId: null });
      },
      async delete(name) {
        const deleted = await stored.delete(name);
        if (deleted) await tell(`${noun}.remove`, noun, { id: name, accountId: null });
        return deleted;
      },
    };
  }

  return {
    ...store,
    accounts: {
      ...store.accounts,
      async open(opening) {
        await store.accounts.open(opening);
        const { id } = opening.account;
        await tell('account.create', 'account', { id, accountId: id });
      },
      async patch(id, patch) {
        const account = await store.accounts.patch(id, patch);
        const detail = { fields: Object.keys(patch).join(',') };
        if (account !== null) await tell('account.change', 'account', { id, accountId: id, detail });
        return account;
      },
    },
    keys: {
      ...store.keys,
      async create(key) {
        await store.keys.create(key);
        await tell('key.create', 'key', keyTold(key));
      },
      async rotate(key, at) {
        await store.keys.rotate(key, at);
        await tell('key.rotate', 'key', keyTold(key));
      },
      async revoke(accountId, id, at) {
        const revoked = await store.keys.revoke(accountId, id, at);
        if (revoked) await tell('key.revoke', 'key', { id, accountId });
        return revoked;
      },
    },
    credits: {
      ...store.credits,
      async grant(entry) {
        const balance = await store.credits.grant(entry);
        const { accountId, pool, amount } = entry;
        await tell('credits.grant', 'account', { id: accountId, accountId, detail: { pool, amount } });
        return balance;
      },
    },
    carriers: uplinks(store.carriers, 'carrier'),
    trunks: uplinks(store.trunks, 'trunk'),
    audio: {
      ...store.audio,
      async put(row, most) {
        const put = await store.audio.put(row, most);
        if (put) await tell('audio.put', 'audio', { id: row.path, accountId: row.accountId });
        return put;
      },
      async delete(accountId, path) {
        const deleted = await store.audio.delete(accountId, path);
        if (deleted) await tell('audio.remove', 'audio', { id: path, accountId });
        return deleted;
      },
    },
  };
}

function keyTold({ id, accountId, mode, kind }: ApiKey): Told {
  return { id, accountId, detail: { mode, kind } };
}
