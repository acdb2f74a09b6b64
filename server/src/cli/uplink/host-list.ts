import { isIPv6 } from 'node:net';
import type { Parsed } from '../parsed.ts';
import { commaList } from './comma-list.ts';

/** A host as a configuration has it. */
export interface Host {
  readonly host: string;
  readonly port?: number;
}

/** Reads hosts with commas between them, each with `:port` if it has one: `b.example.net,192.0.2.7:5062,[2001:db8::7]:5062`. */
export function hostList(text: string): Parsed<readonly Host[]> {
  const hosts: Host[] = [];
  for (const one of commaList(text)) {
    const host = hostOf(one);
    if (host === null) return { fault: `'${one}' is not a host: write host or host:port, as in b.example.net:5062` };
    hosts.push(host);
  }
  return { value: hosts };
}

/** The same host as `hostList` reads it. */
export function hostText({ host, port }: Host): string {
  if (port === undefined) return host;
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function hostOf(text: string): Host | null {
  // Without brackets, the colons of an IPv6 address are its own.
  if (isIPv6(text)) return { host: text };
  const { v6, name, port } =
    /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:[\]\s]+))(?::(?<port>\d{1,5}))?$/.exec(text)?.groups ?? {};
  const host = v6 ?? name;
  if (host === undefined || (v6 !== undefined && !isIPv6(v6))) return null;
  return port === undefined ? { host } : { host, port: Number(port) };
}
