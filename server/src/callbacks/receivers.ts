import type { Store } from '../store/store.ts';
import type { Clock } from '../values/clock.ts';
import type { Secret } from '../values/secret.ts';
import type { CallbackEndpoint, EndpointDesk } from './endpoint-desk.ts';
import type { SigningDesk, SigningSecret } from './signing-desk.ts';

/** Where an account's callbacks go, and what they are signed with. */
export interface Receivers {
  /** The account's own URL; null: only places that requests name are told, and endpoints. */
  readonly url: string | null;
  /** What the account's own URL and those places know it by. */
  readonly secrets: readonly Secret[];
  /** Those that are enabled, oldest first. */
  readonly endpoints: readonly ReceivingEndpoint[];
}

export interface ReceivingEndpoint extends Pick<CallbackEndpoint, 'id' | 'mode' | 'events'> {
  readonly url: string;
  readonly secrets: readonly Secret[];
}

export type FindsReceivers = (accountId: string) => Promise<Receivers | null>;

interface Deps {
  readonly store: Pick<Store, 'accounts'>;
  readonly endpoints: Pick<EndpointDesk, 'all'>;
  readonly signing: Pick<SigningDesk, 'all'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Calls `listener` when accounts, endpoints or secrets were changed. */
  readonly onChange: (listener: () => void) => void;
}

/** How many accounts' receivers are remembered: past that all are forgotten, and read again as they are needed. */
const MOST_KEPT = 10_000;

/** As it was read: a secret that runs out later must not sign then. */
interface Kept {
  readonly url: string | null;
  readonly endpoints: readonly CallbackEndpoint[];
  readonly secrets: ReadonlyMap<string | null, readonly SigningSecret[]>;
}

/** Receivers, remembered until something of them changes: thousands of callbacks a second must not ask the store each. */
export function receivers({ store, endpoints, signing, clock, onChange }: Deps): FindsReceivers {
  const kept = new Map<string, Promise<Kept | null>>();
  onChange(() => kept.clear());

  async function read(accountId: string): Promise<Kept | null> {
    const account = await store.accounts.get(accountId);
    if (account === null) return null;
    const enabled = (await endpoints.all(accountId)).filter(({ state }) => state === 'enabled').toReversed();
    const secrets = await signing.all(accountId);
    // One without any was removed between the two questions: its secrets went with it.
    const known = enabled.filter(({ id }) => secrets.has(id));
    return { url: account.settings.callbackUrl, endpoints: known, secrets };
  }

  function remember(accountId: string): Promise<Kept | null> {
    const known = kept.get(accountId);
    if (known) return known;
    if (kept.size >= MOST_KEPT) kept.clear();
    const reading = read(accountId);
    kept.set(accountId, reading);
    reading.catch(() => {
      if (kept.get(accountId) === reading) kept.delete(accountId);
    });
    return reading;
  }

  return async (accountId) => {
    const read = await remember(accountId);
    if (read === null) return null;
    const now = clock.now();
    const inForce = (owner: string | null) =>
      (read.secrets.get(owner) ?? [])
        .filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
        .map(({ secret }) => secret);
    return {
      url: read.url,
      secrets: inForce(null),
      endpoints: read.endpoints.map(({ id, mode, events, url }) => {
        return { id, mode, events, url, secrets: inForce(id) };
      }),
    };
  };
}
