import { type Cidr, type IpAddress, parseCidr, parseIp, unmapped, within } from '../values/ip-address.ts';

/** What callbacks may reach besides the public Internet: the operator's word, for development and for receivers inside. */
export interface AllowList {
  /** Whether the host was named itself: then it may resolve to any address. In the form of `CallbackUrl.host`. */
  host(name: string): boolean;
  address(ip: IpAddress): boolean;
}

export const NOTHING_ALLOWED: AllowList = { host: () => false, address: () => false };

/** Reads `PASSBELL_CALLBACK_ALLOW`: hosts, addresses and CIDRs, comma separated. */
export function parseAllowList(text: string): { readonly value: AllowList } | { readonly fault: string } {
  const hosts = new Set<string>();
  const cidrs: Cidr[] = [];
  const wrong: string[] = [];
  for (const entry of text.split(',').map((one) => one.trim())) {
    const cidr = parseCidr(entry.replace(/^\[(.*)\]$/, '$1'));
    const host = cidr === null ? hostOf(entry) : null;
    if (cidr !== null) cidrs.push(cidr);
    else if (host !== null) hosts.add(host);
    else wrong.push(`'${entry}'`);
  }
  if (wrong.length > 0) {
    return {
      fault: `${wrong.join(', ')}: neither a host nor an address nor a CIDR; write receiver.internal, 10.0.0.7 or 10.0.0.0/8, separated by commas`,
    };
  }
  return {
    value: {
      host: (name) => hosts.has(name),
      address(ip) {
        const plain = unmapped(ip);
        return cidrs.some((cidr) => within(cidr, plain) || within(cidr, ip));
      },
    },
  };
}

/** A host name as a URL would hold it; null for what is no host, or more than one: a port, a path, a wildcard. */
function hostOf(entry: string): string | null {
  const name = entry.replace(/\.$/, '');
  if (!/^[^\s:/?#@[\]\\*%]+$/.test(name) || !URL.canParse(`http://${name}`)) return null;
  const { hostname } = new URL(`http://${name}`);
  // `010.1` is an address to a URL and a riddle to whoever reads the list.
  return parseIp(hostname) === null ? hostname : null;
}
