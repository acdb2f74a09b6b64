import { PassbellError } from '../errors.ts';
import type { SigningSecretRow, SigningSecretStore } from '../store/tables/signing-secrets.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import type { Random } from '../values/random.ts';
import { Secret } from '../values/secret.ts';
import type { Vault } from '../vault/vault.ts';
import { noSuchEndpoint } from './no-such-endpoint.ts';
import { newSigningSecret } from './signing-secret.ts';

/** How long the old secret signs beside the new one: a day to change it at the receiver. */
export const ROTATION_MS = 86_400_000;
/** In force at once: each adds a signature to every callback, and receivers bound the length of a header. */
const MOST_IN_FORCE = 10;

/** A secret in force. */
export interface SigningSecret {
  readonly secret: Secret;
  readonly createdAt: number;
  /** Null: the newest. */
  readonly expiresAt: number | null;
}

/**
 * What an account's callbacks are signed with. Each endpoint has secrets of its own; `owner` null are the account's, for its own URL and for
 * the places that requests name.
 */
export interface SigningDesk {
  /** Those in force by owner, newest first; the account's first one is made when it is first asked for. */
  all(accountId: string): Promise<ReadonlyMap<string | null, readonly SigningSecret[]>>;
  /** Those of one owner, newest first. Rejects with `internal` when none of them can be read. */
  secrets(accountId: string, owner: string | null): Promise<readonly SigningSecret[]>;
  /** Makes a new one; the owner's others sign for another day. Rejects with `conflict` when too many do. */
  rotate(accountId: string, owner: string | null): Promise<readonly SigningSecret[]>;
  /** Draws an endpoint's first one, to be saved with it. */
  first(accountId: string, endpoint: string): { readonly row: SigningSecretRow; readonly secret: Secret };
}

interface Deps {
  readonly store: SigningSecretStore;
  readonly vault: Pick<Vault, 'seal' | 'open'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  /** Called after each rotation, and waited for: whoever is told of a new secret may rely on it from the next callback on. */
  readonly seen?: () => Promise<void>;
}

export function signingDesk({ store, vault, clock, random, ids, seen = async () => {} }: Deps): SigningDesk {
  function draw(accountId: string, endpoint: string | null, id: string) {
    const secret = newSigningSecret(random);
    const sealed = vault.seal({ account: accountId, row: id, column: 'secret' }, secret.reveal());
    const row: SigningSecretRow = { accountId, id, endpoint, sealed, createdAt: clock.now(), expiresAt: null };
    return { row, secret };
  }

  async function inForce(accountId: string): Promise<ReadonlyMap<string | null, readonly SigningSecret[]>> {
    const owners = new Map<string | null, SigningSecret[]>();
    for (const { id, endpoint, sealed, createdAt, expiresAt } of await store.list(accountId, clock.now())) {
      const text = vault.open({ account: accountId, row: id, column: 'secret' }, sealed);
      const known = owners.get(endpoint) ?? [];
      owners.set(endpoint, known);
      if (text !== null) known.push({ secret: new Secret(text), createdAt, expiresAt });
    }
    return owners;
  }

  async function all(accountId: string): Promise<ReadonlyMap<string | null, readonly SigningSecret[]>> {
    const known = await inForce(accountId);
    if (known.has(null)) return known;
    // Under the account's own id: of several that are drawn at the same time, one stays.
    await store.addFirst(draw(accountId, null, accountId).row);
    return inForce(accountId);
  }

  async function secrets(accountId: string, owner: string | null): Promise<readonly SigningSecret[]> {
    const known = (await (owner === null ? all(accountId) : inForce(accountId))).get(owner);
    // An endpoint has one as long as it is there.
    if (known === undefined) throw noSuchEndpoint();
    // Sealed under a key that is not here: what we signed with another secret would be refused.
    if (known.length === 0) throw new PassbellError('internal', {});
    return known;
  }

  return {
    all,
    secrets,
    async rotate(accountId, owner) {
      const { row } = draw(accountId, owner, ids());
      const how = await store.rotate(row, clock.now() + ROTATION_MS, MOST_IN_FORCE);
      if (how === 'owner_gone') throw noSuchEndpoint();
      if (how === 'too_many')
        throw new PassbellError('conflict', { field: 'secret', reason: 'changed_too_often_in_a_day' });
      await seen();
      return secrets(accountId, owner);
    },
    first: (accountId, endpoint) => draw(accountId, endpoint, endpoint),
  };
}
