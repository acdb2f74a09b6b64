import { type Cidr, embeddedV4, type IpAddress, parseCidr, unmapped, within } from '../values/ip-address.ts';

/**
 * IPv4 that is not the public Internet: the IANA special-purpose registry (RFC 6890 and after), multicast and what is reserved.
 * Some ranges in the registry are public all the same (AS112, AMT relays) and are not here.
 */
const INSIDE_V4 = blocks(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10', // carrier-grade NAT; Alibaba's metadata
  '127.0.0.0/8',
  // Azure's platform service, reached from every machine there at a public address (learn.microsoft.com, "What is IP address 168.63.129.16?")
  '168.63.129.16',
  '169.254.0.0/16', // link-local; metadata of AWS, Google, Azure
  '172.16.0.0/12',
  '192.0.0.0/24', // IETF protocol assignments; Oracle's metadata
  '192.0.2.0/24',
  '192.88.99.0/24', // 6to4 relays, withdrawn by RFC 7526
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
);

/** What IANA gives out (RFC 4291 §2.4); everything outside it is local, reserved or a translation. */
const GLOBAL_UNICAST = block('2000::/3');
const INSIDE_V6 = blocks(
  '2001::/23', // IETF protocol assignments: Teredo, benchmarking, ORCHID, DRIP
  '2001:db8::/32',
  '3fff::/20', // documentation, RFC 9637
);

const NAT64 = block('64:ff9b::/96');
const SIX_TO_FOUR = block('2002::/16');

/**
 * Whether an address is on the public Internet, so that whoever names it reaches nothing of ours. IPv6 that only carries an IPv4
 * address is judged by that one. Local NAT64 (64:ff9b:1::/48, RFC 8215) is refused whole: where in it the IPv4 address stands is up to
 * the network (RFC 6052 §2.2), so that one spelling may be read as two addresses.
 */
export function isPublic(address: IpAddress): boolean {
  const ip = unmapped(address);
  if (ip.family === 4) return !INSIDE_V4.some((one) => within(one, ip));
  if (within(NAT64, ip)) return isPublic(embeddedV4(ip, 96));
  if (within(SIX_TO_FOUR, ip)) return isPublic(embeddedV4(ip, 16));
  return within(GLOBAL_UNICAST, ip) && !INSIDE_V6.some((one) => within(one, ip));
}

function blocks(...texts: readonly string[]): readonly Cidr[] {
  return texts.map(block);
}

function block(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === null) throw new RangeError(`${text} is not a CIDR`);
  return cidr;
}
