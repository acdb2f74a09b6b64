/** Ports that sessions take and give back. */
export interface PortRange {
  /** @returns a port that is not taken; null when all are; 0, which lets the system choose, where there is no range. */
  take(): number | null;
  giveBack(port: number): void;
}

/** First and last port, both included. */
export interface Ports {
  readonly first: number;
  readonly last: number;
}

/**
 * The even ports of a range: the odd ones above them are RTCP's (RFC 3550 §11). They are taken in turn, so that a port rests
 * before the next call has it: the last packets of the call before are still on their way.
 */
export function portRange(ports: Ports | 'any'): PortRange {
  if (ports === 'any') return { take: () => 0, giveBack() {} };
  const first = ports.first + (ports.first % 2);
  const count = Math.floor((ports.last - first) / 2) + 1;
  const taken = new Set<number>();
  let next = 0;

  return {
    take() {
      for (let tried = 0; tried < count; tried += 1) {
        const port = first + 2 * next;
        next = (next + 1) % count;
        if (taken.has(port)) continue;
        taken.add(port);
        return port;
      }
      return null;
    },
    giveBack(port) {
      taken.delete(port);
    },
  };
}
