import { isError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../values/clock.ts';
import { type Rounds, rounds } from '../values/rounds.ts';
import type { Lease } from './lease.ts';

/** How often it is looked whether the store left something unanswered: that asks nothing of it. */
const WATCH_MS = 1_000;
/**
 * From one look to the next. A question is answered within 12 s, or never (store/postgres/connections.ts): what was on its way into this
 * node's memory at one look is there by the next.
 */
const APART_MS = 15_000;
/** A commit whose answer was lost may come to pass a while after that. */
const LOOKS = 4;

/** Tells by its id whether a row is in this node's memory, under this lease. */
interface Memory {
  holds(node: string): (id: string) => boolean;
}

interface Deps {
  readonly store: Pick<Store, 'doubts' | 'strays'>;
  readonly lease: Pick<Lease, 'node' | 'valid'>;
  readonly deliveries: Memory;
  readonly callbacks: Memory;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Lets go of what stands as this node's without its knowing. When a connection breaks after COMMIT was sent, nobody knows whether it
 * happened: rows may have become this node's, and others see it alive, so that a code would wait for it, and its credits with it, until it
 * stops. What stands there at two looks under one lease, and is in no memory at either, is made nobody's; the usual claims take it over.
 */
export interface Strays extends Rounds {
  look(): Promise<void>;
}

interface Unheld {
  readonly node: string;
  readonly deliveries: ReadonlySet<string>;
  readonly callbacks: ReadonlySet<string>;
}

export function strays({ store, lease, deliveries, callbacks, clock, log }: Deps): Strays {
  let seen = 0;
  let left = 0;
  let before: Unheld | null = null;

  async function look(): Promise<void> {
    if (store.doubts !== seen) {
      seen = store.doubts;
      left = LOOKS;
    }
    if (left === 0 || !lease.valid()) return;
    const found = await unheld(lease.node);
    if (before?.node === found.node) await free(found, before);
    left -= 1;
    before = left === 0 ? null : found;
  }

  async function unheld(node: string): Promise<Unheld> {
    const queued = await store.strays.deliveriesOf(node);
    const pending = await store.strays.callbacksOf(node);
    const [isInHand, isToBeTold] = [deliveries.holds(node), callbacks.holds(node)];
    return {
      node,
      deliveries: new Set(queued.filter((id) => !isInHand(id))),
      callbacks: new Set(pending.filter((id) => !isToBeTold(id))),
    };
  }

  async function free({ node, ...found }: Unheld, last: Unheld): Promise<void> {
    const lost = [...found.deliveries].filter((id) => last.deliveries.has(id));
    const untold = [...found.callbacks].filter((id) => last.callbacks.has(id));
    if (lost.length + untold.length === 0) return;
    const freed = {
      deliveries: await store.strays.freeDeliveries(node, lost),
      callbacks: await store.strays.freeCallbacks(node, untold),
    };
    log.warn('strays_let_go', { node, ...freed });
  }

  async function round(): Promise<number> {
    try {
      await look();
    } catch (error) {
      if (!isError(error, 'unavailable')) log.error('strays_not_let_go', {}, error);
    }
    return left > 0 ? APART_MS : WATCH_MS;
  }

  return { look, ...rounds(clock, round) };
}
