import type { Clock, Timer } from '../values/clock.ts';
import type { Store } from './store.ts';

// Twice within the second in which a change must be seen everywhere, with room for a slow answer.
const LOOK_MS = 300;
/** How long what was read stays trustworthy without a look that succeeded. */
const TRUST_MS = 1_000;

/** Sees that accounts, keys, users or carriers were changed, by whatever process: what memory is checked against. */
export interface RevisionWatch {
  /** Calls `listener` after each change. */
  onChange(listener: () => void): void;
  /** False when the store has not answered for a second: memory may then be stale, and nobody may be let in by it. */
  trusted(): boolean;
  /** Looks now. Rejects when the store cannot be asked. */
  look(): Promise<void>;
  start(): Promise<void>;
  stop(): void;
}

export function revisionWatch(store: Pick<Store, 'revision'>, clock: Clock): RevisionWatch {
  const listeners: (() => void)[] = [];
  let seen: number | undefined;
  let trustedUntil = Number.NEGATIVE_INFINITY;
  let timer: Timer | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    const asked = clock.elapsed();
    const revision = await store.revision();
    trustedUntil = asked + TRUST_MS;
    if (revision === seen) return;
    seen = revision;
    for (const listener of listeners) listener();
  }

  async function again(): Promise<void> {
    await look().catch(() => {
      // Not a fault to report here: `trusted` turns false, and whoever asks says so.
    });
    if (!stopped) timer = clock.after(LOOK_MS, again);
  }

  return {
    onChange: (listener) => void listeners.push(listener),
    trusted: () => clock.elapsed() < trustedUntil,
    look,
    async start() {
      await look();
      timer = clock.after(LOOK_MS, again);
    },
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
