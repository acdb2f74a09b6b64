import type { Log } from '../observe/log.ts';
import type { Store } from '../store/store.ts';
import type { Clock, Timer } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';

// A code lives 5 minutes and a crashed send must come back in time: 6 s, renewed every 2 s, survives two lost renewals.
export const LEASE_MS = 6_000;
const BEAT_MS = 2_000;
/** Stop this long before the lease ends: another node's claim must never meet a send of ours. */
const MARGIN_MS = 1_000;

/** This node's right to hold deliveries. One lease for all of them: it costs nothing per message. */
export interface Lease {
  /** The name the lease is under; a new one after it was lost, so that nothing held under the old one is sent. */
  readonly node: string;
  /** Whether a message may still be handed to a carrier: asked before each. False as soon as the lease might have run out. */
  valid(): boolean;
  /** Takes the lease. Rejects when the store cannot be reached. */
  start(): Promise<void>;
  /** Gives the lease up: other nodes may claim what is left at once. */
  stop(): Promise<void>;
}

export function nodeLease({ store, clock, ids, log }: { store: Store; clock: Clock; ids: IdSource; log: Log }): Lease {
  let node = ids();
  let validUntil = Number.NEGATIVE_INFINITY;
  let timer: Timer | undefined;
  let stopped = false;

  async function beat(): Promise<void> {
    // Counted from before the question: the store's clock starts no earlier.
    const asked = clock.elapsed();
    if (await store.nodes.beat(node, LEASE_MS)) {
      validUntil = asked + LEASE_MS - MARGIN_MS;
      return;
    }
    log.warn('lease_lost', { node });
    validUntil = Number.NEGATIVE_INFINITY;
    node = ids();
    await beat();
  }

  function schedule(): void {
    timer = clock.after(BEAT_MS, async () => {
      try {
        await beat();
      } catch (error) {
        log.warn('lease_not_renewed', { node, cause: error instanceof Error ? error.message : 'unknown' });
      }
      if (!stopped) schedule();
    });
  }

  return {
    get node() {
      return node;
    },
    valid: () => clock.elapsed() < validUntil,
    async start() {
      await beat();
      schedule();
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      validUntil = Number.NEGATIVE_INFINITY;
      await store.nodes.leave(node);
    },
  };
}
