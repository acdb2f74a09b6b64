import { PassbellError } from '../errors.ts';
import type { SigningSecretRow, SigningSecretStore } from '../store/tables/signing-secrets.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import type { Random } from '../values/random.ts';
import { Secret } from '../values/secret.ts';
import type { Vault } from '../vault/vault.ts';
import { newSigningSecret } from './signing-secret.ts';

/** How long the old secret signs beside the new one: a day to change it at the receiver. */
export const ROTATION_MS = 86_400_000;

/** A secret in force. */
export interface SigningSecret {
  readonly secret: Secret;
  readonly createdAt: number;
  /** Null: the newest. */
  readonly expiresAt: number | null;
}

/** What an account's callbacks are signed with. */
export interface SigningDesk {
  /** Those in force, newest first; the first one is made when it is first asked for. */
  secrets(accountId: string): Promise<readonly SigningSecret[]>;
  /** Makes a new one; the others sign for another day. */
  rotate(accountId: string): Promise<readonly SigningSecret[]>;
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
  function draw(accountId: string, id: string): SigningSecretRow {
    const place = { account: accountId, row: id, column: 'secret' } as const;
    const sealed = vault.seal(place, newSigningSecret(random).reveal());
    return { accountId, id, sealed, createdAt: clock.now(), expiresAt: null };
  }

  function opened({ accountId, id, sealed, createdAt, expiresAt }: SigningSecretRow): SigningSecret[] {
    const text = vault.open({ account: accountId, row: id, column: 'secret' }, sealed);
    return text === null ? [] : [{ secret: new Secret(text), createdAt, expiresAt }];
  }

  async function inForce(accountId: string): Promise<readonly SigningSecret[]> {
    return (await store.list(accountId, clock.now())).flatMap(opened);
  }

  return {
    async secrets(accountId) {
      const known = await inForce(accountId);
      if (known.length > 0) return known;
      // Under the account's own id: of several that are drawn at the same time, one stays.
      await store.addFirst(draw(accountId, accountId));
      const made = await inForce(accountId);
      // Sealed under a key that is not here: what we signed with another secret would be refused.
      if (made.length === 0) throw new PassbellError('internal', {});
      return made;
    },
    async rotate(accountId) {
      await store.rotate(draw(accountId, ids()), clock.now() + ROTATION_MS);
      await seen();
      return inForce(accountId);
    },
  };
}
