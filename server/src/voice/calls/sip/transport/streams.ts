import type { Log } from '../../../../observe/log.ts';
import type { Clock } from '../../../../values/clock.ts';
import { type Connection, connection } from './connection.ts';
import type { NetworkListener } from './network.ts';
import { type Local, type Target, targetKey } from './target.ts';

export interface StreamsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly ca: string | null;
}

/** TCP and TLS. Connections are opened by us alone: what comes from outside comes over them. */
export interface Streams {
  listen(listener: NetworkListener): void;
  local(target: Target): Promise<Local>;
  send(target: Target, octets: Buffer, failed: () => void): void;
  suspect(target: Target, quietMs: number): void;
  close(): void;
}

/** A far end may name a target of its own in each dialog: the one that was not used for longest makes room. */
const MOST_CONNECTIONS = 256;

/** One connection to a target, opened when there is something to send, and again when it broke. */
export function streams({ clock, log, ca }: StreamsOptions): Streams {
  const open = new Map<string, Connection>();
  let listener: NetworkListener | null = null;
  let closed = false;

  function to(target: Target): Connection {
    const key = targetKey(target);
    const known = open.get(key) ?? dialled(target, key);
    // The order of the map is that of use.
    open.delete(key);
    open.set(key, known);
    const [idlest] = open.values();
    if (open.size > MOST_CONNECTIONS) idlest?.destroy();
    return known;
  }

  function dialled(target: Target, key: string): Connection {
    const fresh = connection(
      target,
      { clock, ca },
      {
        received: (octets) => listener?.received(octets, target),
        gone(code) {
          if (open.get(key) === fresh) open.delete(key);
          if (closed) return;
          log.info('sip_connection_closed', {
            transport: target.transport,
            address: target.address,
            port: target.port,
            code,
          });
          listener?.gone(target);
        },
      },
    );
    return fresh;
  }

  return {
    listen(heard) {
      listener = heard;
    },
    async local(target) {
      if (closed) throw Object.assign(new Error('closed'), { code: 'ECONNABORTED' });
      return to(target).local;
    },
    send(target, octets, failed) {
      if (closed) return;
      to(target).send(octets, failed);
    },
    suspect(target, quietMs) {
      const known = open.get(targetKey(target));
      if (known !== undefined && known.quietMs() >= quietMs) known.destroy();
    },
    close() {
      closed = true;
      for (const each of open.values()) each.destroy();
    },
  };
}
