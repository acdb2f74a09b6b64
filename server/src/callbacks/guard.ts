import { type IpAddress, parseIp, unmapped } from '../values/ip-address.ts';
import type { AllowList } from './allow-list.ts';
import { isLocalhost, LOOPBACK } from './callback-url.ts';
import { isPublic } from './public-address.ts';
import type { Resolve } from './resolve.ts';

/** A host may have so many addresses before the rest are no longer tried. All are judged. */
const MOST_ADDRESSES = 8;

/** The host has an address that callbacks may not reach. */
export class AddressRefused extends Error {
  constructor() {
    super('not a public address');
    this.name = 'AddressRefused';
  }
}

/** The host has no address that can be found. */
export class HostUnknown extends Error {
  constructor(options?: { cause: unknown }) {
    super('host not found', options);
    this.name = 'HostUnknown';
  }
}

/**
 * The addresses that a connection to `host` may be made to, every one of them judged. Whoever asks must connect to one of these and
 * not resolve again: the next answer of DNS may be another. Rejects with `AddressRefused` when any address is inside, for a host that
 * has a public one beside it is no better, and with `HostUnknown`.
 */
export type Guard = (host: string) => Promise<readonly string[]>;

export interface GuardDeps {
  readonly allow: AllowList;
  readonly resolve: Resolve;
  /**
   * The machine's own addresses: a public one among them leads to everything that listens here, past any firewall, for the system
   * takes the short way over loopback.
   */
  readonly own: () => readonly string[];
}

export function guard({ allow, resolve, own }: GuardDeps): Guard {
  const asking = new Map<string, Promise<readonly string[]>>();

  /** Connections that open at the same time share an answer. */
  function ask(host: string, trusted: boolean): Promise<readonly string[]> {
    const known = asking.get(host);
    if (known !== undefined) return known;
    const answer = resolve(host, trusted).finally(() => asking.delete(host));
    asking.set(host, answer);
    return answer;
  }

  async function addressesOf(host: string, trusted: boolean): Promise<readonly string[]> {
    if (parseIp(host) !== null) return [host];
    // Never asked of DNS (RFC 6761 §6.3).
    if (isLocalhost(host) && !trusted) return LOOPBACK.filter((address) => allow.address(parsed(address)));
    try {
      return await ask(host, trusted);
    } catch (cause) {
      throw new HostUnknown({ cause });
    }
  }

  return async (host) => {
    const trusted = allow.host(host);
    const addresses = await addressesOf(host, trusted);
    if (addresses.length === 0) throw isLocalhost(host) ? new AddressRefused() : new HostUnknown();
    if (!trusted) {
      const mine = new Set(own().flatMap((address) => keyOf(parseIp(address)) ?? []));
      const fine = (ip: IpAddress | null) =>
        ip !== null && (allow.address(ip) || (isPublic(ip) && !mine.has(keyOf(ip) ?? '')));
      if (!addresses.every((address) => fine(parseIp(address)))) throw new AddressRefused();
    }
    return addresses.slice(0, MOST_ADDRESSES);
  };
}

function parsed(address: string): IpAddress {
  const ip = parseIp(address);
  if (ip === null) throw new AddressRefused();
  return ip;
}

function keyOf(ip: IpAddress | null): string | undefined {
  if (ip === null) return undefined;
  const { family, value } = unmapped(ip);
  return `${family}:${value}`;
}
