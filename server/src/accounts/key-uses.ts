import type { KeyStore } from '../store/tables/keys.ts';
import type { Clock, Timer } from '../values/clock.ts';

/** "Last used" is for people: seconds late is soon enough, and one commit then serves every request in between. */
const FLUSH_MS = 5_000;

/** Notes when keys were used, in batches. */
export interface KeyUses {
  note(keyId: string, at: number): void;
  /** Saves what is noted. */
  close(): Promise<void>;
}

export function keyUses(keys: Pick<KeyStore, 'touch'>, clock: Clock): KeyUses {
  let noted = new Map<string, number>();
  let timer: Timer | undefined;
  let saving: Promise<void> | undefined;

  async function flush(): Promise<void> {
    timer = undefined;
    if (noted.size === 0) return;
    const uses = noted;
    noted = new Map();
    try {
      await keys.touch([...uses].map(([id, at]) => ({ id, at })));
    } catch {
      // The store is down, and others say so louder: these go with the next batch.
      for (const [id, at] of uses) if (!noted.has(id)) noted.set(id, at);
    }
  }

  return {
    note(keyId, at) {
      noted.set(keyId, at);
      timer ??= clock.after(FLUSH_MS, () => {
        saving = flush();
      });
    },
    async close() {
      timer?.cancel();
      await saving;
      await flush();
    },
  };
}
