import { isIP } from 'node:net';
import type { Random } from '../../../../values/random.ts';
import { param } from '../message/params.ts';
import { parseSipUri } from '../message/sip-uri.ts';
import { locate } from '../targets/locate.ts';
import type { Resolver } from '../targets/resolver.ts';
import type { Target } from '../transport/target.ts';

/** Where a URI of a dialog leads. @param first where its INVITE went. Never rejects. */
export type NextHop = (uri: string, first: Target) => Promise<Target>;

/**
 * RFC 3261 §12.2.1.1 with RFC 3263, but that a trunk reached over TLS is never left for a connection in the clear: many write a
 * Contact without `transport=tls`. What cannot be found, or is reached in a way that we do not have, goes where the INVITE went:
 * a trunk knows its own calls.
 */
export function nextHop(resolver: Resolver, random: Random): NextHop {
  return async (uri, first) => {
    const parsed = parseSipUri(uri);
    if (parsed === null || parsed.scheme === 'tel') return first;
    const { host, port } = parsed;
    const transport = parsed.scheme === 'sips' ? 'tls' : (param(parsed, 'transport') ?? 'udp').toLowerCase();
    // The trunk itself: the same connection, though many forget to say by which transport.
    if (host === first.serverName.toLowerCase() && (port === null || port === first.port)) return first;
    if (host === first.address && (port ?? (transport === 'tls' ? 5_061 : 5_060)) === first.port) return first;
    if (transport !== 'udp' && transport !== 'tcp' && transport !== 'tls') return first;
    if (first.transport === 'tls' && transport !== 'tls') return first;
    const targets = await locate({ host, port, transport }, resolver, random).catch(() => []);
    // The trunk's certificate is for its own name, wherever its Contact points.
    const name = isIP(host) === 0 ? host : first.serverName;
    const [found] = targets.filter(({ address }) => isIP(address) === isIP(first.address));
    return found === undefined ? first : { ...found, serverName: name };
  };
}
