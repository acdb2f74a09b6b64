import { parseIp } from '../values/ip-address.ts';
import type { AllowList } from './allow-list.ts';
import { isBadPort } from './bad-ports.ts';
import { isPublic } from './public-address.ts';

/** The longest URL that servers and proxies can be trusted to take. */
const LONGEST = 2048;
/** RFC 1035 §2.3.4. */
const LONGEST_HOST = 253;

/** A URL that callbacks may be sent to, as far as that can be said before its host is resolved. */
export interface CallbackUrl {
  /** In the one spelling that all spellings of it share. */
  readonly href: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** Lower case, without brackets and without a dot at the end; an address in its usual form. */
  readonly host: string;
  /** Path and query. */
  readonly path: string;
}

/**
 * Reads a callback URL where it comes in. What its host resolves to is judged later, at each connection; an address in any of its
 * spellings is judged here. A fault is a sentence with its cure, and does not repeat the URL: it may hold a token.
 */
export function parseCallbackUrl(
  text: string,
  allow: AllowList,
): { readonly url: CallbackUrl } | { readonly fault: string } {
  const fault = faultOfText(text);
  if (fault !== null) return { fault };
  if (!URL.canParse(text)) return { fault: 'not a URL: write https://host/path' };
  const url = new URL(text);
  // RFC 6066 §3: no server name has a dot at its end.
  const name = url.hostname.replace(/\.$/, '');
  const host = name.replace(/^\[(.*)\]$/, '$1');
  const wrong = faultOfHost(host, allow) ?? faultOfPort(url.port);
  if (wrong !== null) return { fault: wrong };
  const origin = `${url.protocol}//${name}${url.port === '' ? '' : `:${url.port}`}`;
  const path = `${url.pathname}${url.search}`;
  const href = origin + path;
  if (href.length > LONGEST) return { fault: TOO_LONG };
  return { url: { href, origin, host, path } };
}

/** `localhost` and what is below it are this machine, whatever DNS says (RFC 6761 §6.3). */
export function isLocalhost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

/** The addresses that `localhost` has. */
export const LOOPBACK = ['127.0.0.1', '::1'] as const;

const TOO_LONG = `too long: a callback URL has at most ${LONGEST} characters`;

// What the URL parser would mend in silence is refused: two readers of such a text may see two hosts.
function faultOfText(text: string): string | null {
  if (text.length > LONGEST) return TOO_LONG;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0020\u007f-\u00a0\\]/.test(text)) {
    return 'holds a space, a control character or a backslash: percent-encode it, or leave it out';
  }
  const authority = /^https?:\/\/([^/?#]+)/i.exec(text)?.[1];
  if (authority === undefined) return 'write http:// or https:// and a host';
  if (authority.includes('@')) return 'leave out the user name and password: callbacks are signed instead';
  if (text.includes('#')) return 'leave out the # and what follows it: no server ever sees it';
  return null;
}

function faultOfHost(host: string, allow: AllowList): string | null {
  if (host.length > LONGEST_HOST || host.split('.').includes('')) return 'the host is not a name that DNS can hold';
  if (allow.host(host)) return null;
  const addresses = isLocalhost(host) ? LOOPBACK : [host];
  const reachable = addresses.some((address) => {
    const ip = parseIp(address);
    return ip === null || allow.address(ip) || isPublic(ip);
  });
  return reachable
    ? null
    : 'the host is not public: callbacks reach public addresses only, and what the operator lists in PASSBELL_CALLBACK_ALLOW';
}

function faultOfPort(port: string): string | null {
  return port !== '' && isBadPort(Number(port))
    ? `port ${port} belongs to another protocol: use 443, 80 or 8080, for example`
    : null;
}
