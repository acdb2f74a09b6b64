import { createSocket, type SocketType } from 'node:dgram';
import type { Clock } from '../../../../values/clock.ts';
import type { Target } from './target.ts';

/** Which of this machine's addresses datagrams to a target leave from. */
export interface LocalAddresses {
  /** @returns an IP literal. Rejects with the system's error where there is no route. */
  towards(target: Target): Promise<string>;
}

/** Routes change: when a link goes down, or an address is given anew. */
const KEPT_MS = 60_000;
const MOST_KEPT = 256;

/** Asks the kernel: a connected UDP socket has an address, and sends nothing. Each answer is kept for a minute. */
export function localAddresses(type: SocketType, clock: Clock): LocalAddresses {
  const known = new Map<string, { readonly address: Promise<string>; readonly until: number }>();

  return {
    towards(target) {
      const kept = known.get(target.address);
      if (kept !== undefined && clock.elapsed() < kept.until) return kept.address;
      const address = probe(type, target);
      known.delete(target.address);
      known.set(target.address, { address, until: clock.elapsed() + KEPT_MS });
      address.catch(() => known.delete(target.address));
      const [oldest] = known.keys();
      if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
      return address;
    },
  };
}

function probe(type: SocketType, { address, port }: Target): Promise<string> {
  const socket = createSocket(type);
  return new Promise<string>((resolve, reject) => {
    socket.once('error', reject);
    socket.connect(port, address, () => resolve(socket.address().address));
  }).finally(() => socket.close());
}
