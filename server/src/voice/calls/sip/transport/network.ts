import { isIPv6 } from 'node:net';
import type { Log } from '../../../../observe/log.ts';
import type { Clock } from '../../../../values/clock.ts';
import { streams } from './streams.ts';
import type { Local, Target } from './target.ts';
import { openUdp } from './udp.ts';

export interface NetworkListener {
  /** What came: one message, or something else. The octets are valid until the call returns. */
  received(octets: Buffer, from: Target): void;
  /** The connection to a target broke: what was not answered over it will not be. Never said of UDP. */
  gone(target: Target): void;
}

/** Carries octets to and from targets, over whatever transport. */
export interface Network {
  /** To be called once: nothing is heard before. */
  listen(listener: NetworkListener): void;
  /** Where the far end reaches us. Opens the connection where there is to be one; rejects where there is no way to the target. */
  local(target: Target): Promise<Local>;
  /** @param failed called at most once, later, when the octets surely did not leave. */
  send(target: Target, octets: Buffer, failed: () => void): void;
  /** Nobody answers: a connection on which nothing came for `quietMs` is let go, so that the next request opens another. */
  suspect(target: Target, quietMs: number): void;
  /** Closes everything at once. `gone` is not said any more. */
  close(): Promise<void>;
}

export interface NetworkOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Addresses that UDP is bound to; null: that family is not used. `port` 0: any that is free. */
  readonly listen: { readonly v4: string | null; readonly v6: string | null; readonly port: number };
  /** PEM of the authorities that may have signed a far end's certificate; null: those that Node.js trusts. */
  readonly tls: { readonly ca: string | null };
}

/** UDP, TCP and TLS. Rejects with the system's error where a UDP socket cannot be bound. */
export async function openNetwork(options: NetworkOptions): Promise<Network> {
  const { clock, log, listen, tls } = options;
  const open = (family: 4 | 6, address: string | null) =>
    address === null ? null : openUdp({ family, address, port: listen.port, clock, log });
  const v4 = await open(4, listen.v4);
  // What is open already must not stay so when the rest fails.
  const v6 = await Promise.resolve(open(6, listen.v6)).catch(async (error) => {
    await v4?.close();
    throw error;
  });
  const connections = streams({ clock, log, ca: tls.ca });

  function wayTo(target: Target): Pick<Network, 'local' | 'send'> | null {
    if (target.transport !== 'udp') return connections;
    return isIPv6(target.address) ? v6 : v4;
  }

  return {
    listen(listener) {
      connections.listen(listener);
      for (const udp of [v4, v6]) udp?.listen(listener.received);
    },
    async local(target) {
      const way = wayTo(target);
      if (way === null) throw Object.assign(new Error('no socket of that address family'), { code: 'EAFNOSUPPORT' });
      return way.local(target);
    },
    send(target, octets, failed) {
      const way = wayTo(target);
      if (way === null) setImmediate(failed);
      else way.send(target, octets, failed);
    },
    suspect(target, quietMs) {
      if (target.transport !== 'udp') connections.suspect(target, quietMs);
    },
    async close() {
      connections.close();
      await Promise.all([v4?.close(), v6?.close()]);
    },
  };
}
