import { existsSync, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The independent programs that whole-system tests talk to, by the Debian package that brings them. */
export interface Peer {
  readonly package: string;
  /** What the tests use it for. */
  readonly why: string;
  /** Paths, of which one must exist; a bare name is looked up on the PATH. May hold `*`. */
  readonly found: readonly string[];
}

export const PEERS = {
  kannel: { package: 'kannel', why: 'an independent SMPP client', found: ['bearerbox', '/usr/sbin/bearerbox'] },
  'net-smpp': {
    package: 'libnet-smpp-perl',
    why: 'an independent SMSC',
    found: ['/usr/share/perl5/Net/SMPP.pm', '/usr/local/share/perl/*/Net/SMPP.pm'],
  },
  tshark: { package: 'tshark', why: 'an independent reader of what goes over the wire', found: ['tshark'] },
  wrk: { package: 'wrk', why: 'load over HTTP', found: ['wrk'] },
  chromium: { package: 'chromium', why: 'the console in a real browser', found: ['chromium', 'chromium-browser'] },
  postgresql: {
    package: 'postgresql',
    why: 'the store for several nodes',
    found: ['/usr/lib/postgresql/*/bin/initdb', 'initdb'],
  },
  sipp: { package: 'sip-tester', why: 'callees of every kind', found: ['sipp'] },
  baresip: { package: 'baresip-core', why: 'a telephone that answers and records', found: ['baresip'] },
  kamailio: { package: 'kamailio', why: 'a SIP proxy', found: ['kamailio', '/usr/sbin/kamailio'] },
  'kamailio-tls': {
    package: 'kamailio-tls-modules',
    why: 'the SIP proxy over TLS',
    found: ['/usr/lib/*/kamailio/modules/tls.so'],
  },
  'multimon-ng': { package: 'multimon-ng', why: 'an independent decoder of DTMF', found: ['multimon-ng'] },
  openssl: { package: 'openssl', why: 'certificates for TLS tests', found: ['openssl'] },
} as const satisfies Record<string, Peer>;

export type PeerName = keyof typeof PEERS;

/** Where the peer is on this machine; null when it is not installed. */
export function whereIs(peer: Peer, path: string = process.env['PATH'] ?? ''): string | null {
  const dirs = path.split(delimiter).filter((dir) => dir !== '');
  const candidates = peer.found.flatMap((place) => {
    if (place.includes('*')) return globSync(place);
    return place.startsWith('/') ? [place] : dirs.map((dir) => join(dir, place));
  });
  return candidates.find((candidate) => existsSync(candidate)) ?? null;
}

export function missingPeers(): readonly PeerName[] {
  return (Object.keys(PEERS) as PeerName[]).filter((name) => whereIs(PEERS[name]) === null);
}
