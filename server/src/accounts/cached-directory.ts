import { PassbellError } from '../errors.ts';
import type { RevisionWatch } from '../store/revision-watch.ts';
import type { Store } from '../store/store.ts';
import type { Account } from '../store/tables/accounts.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import type { Clock } from '../values/clock.ts';
import type { Caller } from './caller.ts';
import type { Directory } from './directory.ts';
import { keyDigest, parseKey } from './key.ts';
import { keyUses } from './key-uses.ts';

/** What is remembered of a digest. Wrong keys are remembered too, so that a client that repeats one costs one look-up. */
type Entry =
  | { readonly kind: 'account_key'; readonly key: ApiKey; readonly account: Account; readonly caller: Caller }
  | { readonly kind: 'admin_token'; readonly key: ApiKey }
  | { readonly kind: 'unknown' };

const MOST_KNOWN = 20_000;
/** Kept apart from the known: someone who tries keys must not drive working ones out of memory. */
const MOST_UNKNOWN = 10_000;

export interface DirectoryDeps {
  readonly store: Pick<Store, 'keys' | 'accounts'>;
  /** Started and stopped by its owner. */
  readonly revisions: Pick<RevisionWatch, 'trusted' | 'look' | 'onChange'>;
  readonly clock: Clock;
}

/**
 * A directory that answers from memory while the revision watch vouches for it, and forgets everything when the revision moves:
 * changes are rare, and a single rule for forgetting cannot miss one. When the store has been silent for a second, nobody is let in.
 *
 * Memory is keyed by the digest, not by the key: the hash takes 0.3 µs, and no working key outlives its request in memory.
 */
export function cachedDirectory({ store, revisions, clock }: DirectoryDeps): Directory {
  const known = new Map<string, Entry>();
  const unknown = new Map<string, Entry>();
  const loads = new Map<string, Promise<Entry>>();
  const uses = keyUses(store.keys, clock);
  let epoch = 0;
  let looking: Promise<void> | undefined;

  revisions.onChange(() => {
    epoch++;
    known.clear();
    unknown.clear();
    // What is being loaded may have been read before the change: those who ask from now on must read anew.
    loads.clear();
  });

  /** One look at a time, however many wait for it: a store that is down is not also stormed. */
  function look(): Promise<void> {
    const running =
      looking ??
      revisions
        .look()
        .catch(unavailable)
        .finally(() => (looking = undefined));
    looking = running;
    return running;
  }

  function remembered(digest: string): Entry | undefined {
    return known.get(digest) ?? unknown.get(digest);
  }

  async function find(digest: string): Promise<Entry> {
    if (!revisions.trusted()) await look();
    const entry = remembered(digest);
    if (entry !== undefined) return entry;
    const running = loads.get(digest);
    if (running !== undefined) return running;
    const load = read(digest).finally(() => {
      if (loads.get(digest) === load) loads.delete(digest);
    });
    loads.set(digest, load);
    return load;
  }

  async function read(digest: string): Promise<Entry> {
    const begun = epoch;
    const entry = await readEntry(store, digest);
    if (begun === epoch) {
      if (entry.kind === 'unknown') keep(unknown, MOST_UNKNOWN, digest, entry);
      else keep(known, MOST_KNOWN, digest, entry);
    }
    return entry;
  }

  /** The entry behind a key that may be used now. */
  async function admit(text: string): Promise<Exclude<Entry, { kind: 'unknown' }>> {
    const digest = keyDigest(text);
    const entry = (revisions.trusted() ? remembered(digest) : undefined) ?? (await find(digest));
    if (entry.kind === 'unknown') throw new PassbellError('unauthorized', { reason: 'unknown' });
    const now = clock.now();
    if (entry.key.revokedAt !== null && entry.key.revokedAt <= now) {
      throw new PassbellError('unauthorized', { reason: 'revoked' });
    }
    if (entry.kind === 'account_key' && entry.account.disabledAt !== null) {
      throw new PassbellError('forbidden', { reason: 'account_disabled' });
    }
    uses.note(entry.key.id, now);
    return entry;
  }

  return {
    async byApiKey(text) {
      const parsed = parseKey(text);
      if (parsed === null) throw malformed(text);
      const entry = parsed.kind === 'admin_token' ? undefined : await admit(text);
      if (entry?.kind !== 'account_key') throw new PassbellError('unauthorized', { reason: 'unknown' });
      return entry.caller;
    },
    async byProductToken(text) {
      // Clients that hold it as a GUID may write it in capitals; ours are digested in lower case.
      const token = text.toLowerCase();
      const parsed = parseKey(token);
      if (parsed === null) throw malformed(text);
      const entry = parsed.kind === 'product_token' ? await admit(token) : undefined;
      if (entry?.kind !== 'account_key') throw new PassbellError('unauthorized', { reason: 'unknown' });
      return entry.caller;
    },
    async byAdminToken(text) {
      const parsed = parseKey(text);
      if (parsed === null) throw malformed(text);
      const entry = parsed.kind === 'admin_token' ? await admit(text) : undefined;
      if (entry?.kind !== 'admin_token') throw new PassbellError('unauthorized', { reason: 'unknown' });
      return entry.key;
    },
    // A look of its own: one under way may have asked before the change.
    refresh: () => revisions.look().catch(() => undefined),
    close: () => uses.close(),
  };
}

async function readEntry(store: DirectoryDeps['store'], digest: string): Promise<Entry> {
  const key = await store.keys.byDigest(digest);
  if (key === null) return { kind: 'unknown' };
  if (key.accountId === null) return { kind: 'admin_token', key };
  const account = await store.accounts.get(key.accountId);
  if (account === null) return { kind: 'unknown' };
  return {
    kind: 'account_key',
    key,
    account,
    caller: { account, mode: key.mode, via: { kind: 'key', keyId: key.id } },
  };
}

function keep(into: Map<string, Entry>, most: number, digest: string, entry: Entry): void {
  // The oldest goes: a key in use that is pushed out costs one look-up.
  const [oldest] = into.size >= most ? into.keys() : [];
  if (oldest !== undefined) into.delete(oldest);
  into.set(digest, entry);
}

function unavailable(cause: unknown): never {
  throw new PassbellError('unavailable', { reason: 'store' }, { cause });
}

function malformed(text: string): PassbellError {
  return new PassbellError('unauthorized', { reason: text === '' ? 'missing' : 'malformed' });
}
