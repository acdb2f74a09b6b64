import { Resolver as Dns, lookup } from 'node:dns/promises';

/** One line of a service's record (RFC 2782). */
export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  /** The lowest goes first. */
  readonly priority: number;
  /** The share among those of one priority. */
  readonly weight: number;
}

/** Names into addresses, as an argument. Both answer with an empty list where there is nothing, and reject when nobody could tell. */
export interface Resolver {
  srv(name: string): Promise<readonly SrvRecord[]>;
  /** IP literals, the best first. */
  addresses(host: string): Promise<readonly string[]>;
}

/** The system's own. A name server that is away costs 2 s: the call has still time for what the hosts file says. */
export function systemResolver(): Resolver {
  const dns = new Dns({ timeout: 1_000, tries: 2 });
  return {
    srv: (name) => dns.resolveSrv(name).catch(noneThere),
    addresses: async (host) => {
      const found = await lookup(host, { all: true }).catch(noneThere);
      return found.map(({ address }) => address);
    },
  };
}

function noneThere(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOTFOUND' || error.code === 'ENODATA') return [];
  throw error;
}
