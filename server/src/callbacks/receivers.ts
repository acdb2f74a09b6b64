import type { Store } from '../store/store.ts';
import type { Clock } from '../values/clock.ts';
import type { Secret } from '../values/secret.ts';
import type { SigningDesk, SigningSecret } from './signing-desk.ts';

/** Where an account's callbacks go, and what they are signed with. */
export interface Receiver {
  /** The account's own; null: only calls that name a place have callbacks. */
  readonly url: string | null;
  readonly secrets: readonly Secret[];
}

export type Receivers = (accountId: string) => Promise<Receiver | null>;

interface Deps {
  readonly store: Pick<Store, 'accounts'>;
  readonly signing: Pick<SigningDesk, 'secrets'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Calls `listener` when accounts or secrets were changed. */
  readonly onChange: (listener: () => void) => void;
}

/** How many accounts' receivers are remembered: past that all are forgotten, and read again as they are needed. */
const MOST_KEPT = 10_000;

/** As it was read: a secret that runs out later must not sign then. */
interface Kept {
  readonly url: string | null;
  readonly secrets: readonly SigningSecret[];
}

/** Receivers, remembered until an account or a secret changes: thousands of callbacks a second must not ask the store each. */
export function receivers({ store, signing, clock, onChange }: Deps): Receivers {
  const kept = new Map<string, Promise<Kept | null>>();
  onChange(() => kept.clear());

  async function read(accountId: string): Promise<Kept | null> {
    const account = await store.accounts.get(accountId);
    if (account === null) return null;
    return { url: account.settings.callbackUrl, secrets: await signing.secrets(accountId) };
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
    const inForce = read.secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
    return { url: read.url, secrets: inForce.map(({ secret }) => secret) };
  };
}
