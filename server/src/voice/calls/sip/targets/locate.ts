import { isIP } from 'node:net';
import type { Random } from '../../../../values/random.ts';
import type { Target } from '../transport/target.ts';
import type { Resolver } from './resolver.ts';
import { srvOrder } from './srv-order.ts';

/** Where a trunk is, as it is written down: by its operator, or in a URI. */
export interface Place {
  readonly host: string;
  /** Null: the service's record says (SRV), or else the transport. */
  readonly port: number | null;
  readonly transport: Target['transport'];
}

const DEFAULT_PORT = { udp: 5060, tcp: 5060, tls: 5061 } as const;
const SERVICE = { udp: '_sip._udp', tcp: '_sip._tcp', tls: '_sips._tcp' } as const;

/** So many targets of one place are tried at most: each may cost a caller `give_up_ms`. */
const MOST = 8;

/**
 * The targets of a place, the first to be tried first (RFC 3263 §4). The transport is the operator's choice, so no NAPTR is asked.
 * The name in certificates stays the one that was written down, not the one that the DNS gave for it (RFC 5922 §4).
 * Where the service's record cannot be had, the host's own address is taken. Empty: there is no such host. Rejects when the
 * resolver does for that.
 */
export async function locate(place: Place, resolver: Resolver, random: Random): Promise<readonly Target[]> {
  const { host, port, transport } = place;
  const target = (address: string, at: number): Target => ({ transport, address, port: at, serverName: host });
  if (isIP(host) !== 0) return [target(host, port ?? DEFAULT_PORT[transport])];
  const records = port === null ? await resolver.srv(`${SERVICE[transport]}.${host}`).catch(() => []) : [];
  if (records.length === 0) {
    const addresses = await resolver.addresses(host);
    return addresses.slice(0, MOST).map((address) => target(address, port ?? DEFAULT_PORT[transport]));
  }
  const targets: Target[] = [];
  for (const { name, port: at } of srvOrder(records, random).slice(0, MOST)) {
    // "." says that the service is decidedly not to be had here (RFC 2782).
    if (name === '' || name === '.') continue;
    const addresses = await resolver.addresses(name).catch(() => []);
    targets.push(...addresses.map((address) => target(address, at)));
  }
  return targets.slice(0, MOST);
}
