import type { Lease } from '../delivery/lease.ts';
import { isError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { Clock } from '../values/clock.ts';
import { rounds } from '../values/rounds.ts';
import type { Outbox } from './callback.ts';
import { type Courier, MOST_HELD } from './courier.ts';

/** How often due callbacks are looked for. */
const LOOK_MS = 1_000;
/** More may be due behind a full claim. */
const LOOK_AGAIN_MS = 50;
const CLAIM_LIMIT = 500;
/** Claims leave room for what this node's own commits make due. */
const MOST_CLAIMED = MOST_HELD / 2;

/** Takes over callbacks that are due: tries to be made again, and what nodes that stopped left behind. */
export interface Claims {
  /** One look; returns how many were taken over. */
  look(): Promise<number>;
  start(): void;
  stop(): void;
}

interface Deps {
  readonly outbox: Outbox;
  readonly courier: Courier;
  readonly lease: Pick<Lease, 'node' | 'valid'>;
  readonly clock: Clock;
  readonly log: Log;
}

export function claims({ outbox, courier, lease, clock, log }: Deps): Claims {
  async function look(): Promise<number> {
    const room = Math.min(CLAIM_LIMIT, MOST_CLAIMED - courier.stats.held);
    if (room <= 0 || !lease.valid()) return 0;
    const { node } = lease;
    const rows = await outbox.claim(node, clock.now(), room);
    courier.take(rows.map((row) => ({ ...row, node })));
    return rows.length;
  }

  async function round(): Promise<number> {
    let found = 0;
    try {
      courier.pump();
      found = await look();
    } catch (error) {
      if (!isError(error, 'unavailable')) log.error('callbacks_not_claimed', {}, error);
    }
    return found === CLAIM_LIMIT ? LOOK_AGAIN_MS : LOOK_MS;
  }

  return { look, ...rounds(clock, round) };
}
