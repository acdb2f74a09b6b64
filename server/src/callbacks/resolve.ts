import { lookup, Resolver } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

/**
 * The IP addresses of a host. Rejects when it has none. `trusted`: the operator named the host, so it may be one that only this
 * machine knows.
 */
export type Resolve = (host: string, trusted: boolean) => Promise<readonly string[]>;

/** A server of DNS that is silent is asked twice; the whole connection has 10 s. */
const DNS_TIMEOUT_MS = 2_000;
const DNS_TRIES = 2;

/**
 * Asks DNS itself for hosts that users name: `getaddrinfo` runs on the four threads that this process also reads files and checks
 * passwords with, and whoever owns a slow name server could hold all of them. It is for the operator's hosts, which may stand in
 * /etc/hosts or in a search domain.
 *
 * @param servers `address:port` of name servers; none: the system's
 */
export function resolveThrough(servers: readonly string[]): Resolve {
  return async (host, trusted) => {
    if (trusted) return (await lookup(host, { all: true })).map(({ address }) => address);
    // A new one each time: it reads the system's servers once.
    const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
    if (servers.length > 0) resolver.setServers(servers);
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    // Most hosts have one kind alone, and some name servers do not know the other.
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const [v4] = answers;
    if (found.length === 0 && v4.status === 'rejected') throw v4.reason;
    return found;
  };
}

export const systemResolve: Resolve = resolveThrough([]);

/** The addresses of this machine's own interfaces. */
export function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
}
