import type { Clock } from '../../../../values/clock.ts';
import type { Network, NetworkListener } from './network.ts';
import type { Target } from './target.ts';

export interface MemoryNetworkOptions {
  readonly clock: Clock;
  readonly transport: Target['transport'];
  /** How long a message is on its way, ms. */
  readonly delayMs?: number;
  /** Whether this one is lost. */
  readonly loses?: (octets: Buffer) => boolean;
}

export interface MemoryPair {
  readonly here: Network;
  readonly there: Network;
  /** What leads from one to the other. */
  readonly toThere: Target;
  readonly toHere: Target;
  /** All that was sent, lost or not, by its first line. */
  readonly sent: string[];
  /** The connection breaks, for both. */
  breakDown(): void;
}

/** Two ends with nothing between them but time and loss, for tests. */
export function memoryNetworks({
  clock,
  transport,
  delayMs = 1,
  loses = () => false,
}: MemoryNetworkOptions): MemoryPair {
  const toHere: Target = { transport, address: '192.0.2.1', port: 5060, serverName: 'here.example' };
  const toThere: Target = { transport, address: '192.0.2.2', port: 5060, serverName: 'there.example' };
  const listeners = new Map<Target, NetworkListener>();
  const sent: string[] = [];

  function end(mine: Target, other: Target): Network {
    return {
      listen: (listener) => void listeners.set(mine, listener),
      local: async () => ({ host: mine.address, port: mine.port }),
      send(_, octets) {
        sent.push(octets.toString().split('\r\n')[0] ?? '');
        if (loses(octets)) return;
        clock.after(delayMs, () => listeners.get(other)?.received(octets, mine));
      },
      suspect() {},
      async close() {
        listeners.delete(mine);
      },
    };
  }

  return {
    here: end(toHere, toThere),
    there: end(toThere, toHere),
    toThere,
    toHere,
    sent,
    breakDown() {
      listeners.get(toHere)?.gone(toThere);
      listeners.get(toThere)?.gone(toHere);
    },
  };
}
