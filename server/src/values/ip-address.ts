import { isIPv4, isIPv6 } from 'node:net';

/** An IP address as a number of 32 or 128 bits. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** All addresses that begin with the same `bits` bits. */
export interface Cidr extends IpAddress {
  readonly bits: number;
}

/**
 * Reads an address as the system writes it: four decimal numbers, or any spelling of RFC 4291 §2.2. Null for anything else, a zone
 * (`fe80::1%eth0`) included: it names an interface of this machine.
 */
export function parseIp(text: string): IpAddress | null {
  if (isIPv4(text)) return { family: 4, value: v4Value(text) };
  if (!isIPv6(text) || text.includes('%')) return null;
  return { family: 6, value: v6Value(text) };
}

/** Reads `address/bits`, or an address alone: then it is all by itself. Bits past the prefix are dropped. */
export function parseCidr(text: string): Cidr | null {
  const [address = '', length, ...rest] = text.split('/');
  const ip = parseIp(address);
  if (ip === null || rest.length > 0) return null;
  const width = widthOf(ip);
  if (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= width)) return null;
  const bits = length === undefined ? width : Number(length);
  const host = BigInt(width - bits);
  return { family: ip.family, value: (ip.value >> host) << host, bits };
}

export function within({ family, value, bits }: Cidr, ip: IpAddress): boolean {
  const host = BigInt((family === 4 ? 32 : 128) - bits);
  return ip.family === family && ip.value >> host === value >> host;
}

/** The IPv4 address that begins `offset` bits into an IPv6 one. */
export function embeddedV4(ip: IpAddress, offset: number): IpAddress {
  return { family: 4, value: (ip.value >> BigInt(96 - offset)) & 0xffff_ffffn };
}

const V4_MAPPED: Cidr = { family: 6, value: 0xffffn << 32n, bits: 96 };

/** `::ffff:a.b.c.d` is a.b.c.d to every socket (RFC 4291 §2.5.5.2). */
export function unmapped(ip: IpAddress): IpAddress {
  return within(V4_MAPPED, ip) ? embeddedV4(ip, 96) : ip;
}

function widthOf({ family }: IpAddress): 32 | 128 {
  return family === 4 ? 32 : 128;
}

function v4Value(text: string): bigint {
  return text.split('.').reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function v6Value(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | group, 0n);
}

/** The 16-bit groups of one side of a `::`; the last two may be written as an IPv4 address. */
function groupsOf(text: string): bigint[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)];
    const v4 = v4Value(group);
    return [v4 >> 16n, v4 & 0xffffn];
  });
}
