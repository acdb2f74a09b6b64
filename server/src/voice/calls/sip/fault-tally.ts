import type { Log } from '../../../observe/log.ts';
import type { Clock } from '../../../values/clock.ts';
import type { Target } from './transport/target.ts';

/** What came and was of no use. */
export type FaultKind =
  /** Not SIP, or not to be acted upon. */
  | 'malformed'
  /** A response that no transaction waited for: late, or of somebody else. */
  | 'stray'
  /** A request for which there was no room. */
  | 'flooded';

/** Counts what came and was of no use, and says so in the log, once a minute at the most: whoever sends it must not fill the disk. */
export interface FaultTally {
  count(kind: FaultKind, why: string, from: Target): void;
  readonly counts: Readonly<Record<FaultKind, number>>;
}

const SAID_EVERY_MS = 60_000;

export function faultTally(clock: Clock, log: Log): FaultTally {
  const counts = { malformed: 0, stray: 0, flooded: 0 };
  const saidAt = new Map<FaultKind, number>();
  return {
    counts,
    count(kind, why, from) {
      counts[kind] += 1;
      const now = clock.elapsed();
      if (now - (saidAt.get(kind) ?? Number.NEGATIVE_INFINITY) < SAID_EVERY_MS) return;
      saidAt.set(kind, now);
      log.warn(`sip_${kind}`, { why, transport: from.transport, address: from.address, count: counts[kind] });
    },
  };
}
