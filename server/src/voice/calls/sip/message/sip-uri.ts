import type { Params } from './params.ts';

/** A `sip:` or `sips:` URI (RFC 3261 §19.1). */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** As written, with its %-escapes; null: none. */
  readonly user: string | null;
  readonly password: string | null;
  /** Lower case; an IPv6 address without its brackets. */
  readonly host: string;
  /** Null: the default one. */
  readonly port: number | null;
  /** The URI's own parameters. */
  readonly params: Params;
  /** What follows the `?`, as written; null: nothing. */
  readonly headers: string | null;
}

/** A `tel:` URI (RFC 3966). */
export interface TelUri {
  readonly scheme: 'tel';
  /** With `+` where it is global; visual separators taken out. */
  readonly number: string;
  readonly params: Params;
}

// RFC 3261 §25.1, piece by piece. `_` in a host is no host name's, but names of containers have it.
const USER = /^(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/]|%[0-9A-Fa-f]{2})+$/;
const PASSWORD = /^(?:[A-Za-z0-9\-_.!~*'()&=+$,]|%[0-9A-Fa-f]{2})*$/;
const PARAM = /^(?:[A-Za-z0-9\-_.!~*'()[\]/:&+$]|%[0-9A-Fa-f]{2})+$/;
const HEADERS = /^(?:[A-Za-z0-9\-_.!~*'()[\]/:&+$?=]|%[0-9A-Fa-f]{2})+$/;
const HOST_PORT = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/;
const TEL = /^\+?[0-9A-Fa-f*#\-.()]*[0-9A-Fa-f*#][0-9A-Fa-f*#\-.()]*$/;

/** @returns null for anything that is not a well-formed `sip:`, `sips:` or `tel:` URI. */
export function parseSipUri(text: string): SipUri | TelUri | null {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, colon).toLowerCase();
  const rest = text.slice(colon + 1);
  if (scheme === 'tel') return parseTel(rest);
  return scheme === 'sip' || scheme === 'sips' ? parseSip(scheme, rest) : null;
}

function parseSip(scheme: 'sip' | 'sips', rest: string): SipUri | null {
  const at = rest.indexOf('@');
  const userinfo = at < 0 ? null : rest.slice(0, at);
  const split = userinfo === null ? -1 : userinfo.indexOf(':');
  const user = userinfo === null || split < 0 ? userinfo : userinfo.slice(0, split);
  const password = userinfo === null || split < 0 ? null : userinfo.slice(split + 1);
  if (user !== null && !USER.test(user)) return null;
  if (password !== null && !PASSWORD.test(password)) return null;

  const [address = '', ...more] = rest.slice(at + 1).split('?');
  const headers = more.length === 0 ? null : more.join('?');
  if (headers !== null && !HEADERS.test(headers)) return null;
  const [hostPort = '', ...pieces] = address.split(';');
  const place = parseHostPort(hostPort);
  const params = parseUriParams(pieces);
  return place !== null && params !== null ? { scheme, user, password, ...place, params, headers } : null;
}

/** `host`, `host:port` or `[v6]:port`. */
export function parseHostPort(text: string): { readonly host: string; readonly port: number | null } | null {
  const found = HOST_PORT.exec(text);
  if (found === null) return null;
  const [, v6, name, port] = found;
  if (port !== undefined && (Number(port) > 65_535 || Number(port) === 0)) return null;
  return { host: (v6 ?? name ?? '').toLowerCase(), port: port === undefined ? null : Number(port) };
}

function parseTel(rest: string): TelUri | null {
  const [number = '', ...pieces] = rest.split(';');
  const params = parseUriParams(pieces);
  return params !== null && TEL.test(number) ? { scheme: 'tel', number: number.replace(/[-.()]/g, ''), params } : null;
}

function parseUriParams(pieces: readonly string[]): Params | null {
  const params: [string, string | null][] = [];
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    const name = equals < 0 ? piece : piece.slice(0, equals);
    const value = equals < 0 ? null : piece.slice(equals + 1);
    if (!PARAM.test(name) || (value !== null && !PARAM.test(value))) return null;
    params.push([name.toLowerCase(), value]);
  }
  return params;
}

/** @throws RangeError where a part holds a character that would make it another URI. */
export function writeSipUri(uri: SipUri | TelUri): string {
  const params = uri.params.map(([name, value]) => (value === null ? `;${name}` : `;${name}=${value}`)).join('');
  const text = `${uri.scheme}:${uri.scheme === 'tel' ? uri.number : userAndHost(uri)}${params}`;
  const whole = uri.scheme === 'tel' || uri.headers === null ? text : `${text}?${uri.headers}`;
  // Each part must still be the same part: none may bring a `;`, `@` or `?` of its own.
  const back = parseSipUri(whole);
  if (back === null || JSON.stringify(partsOf(back)) !== JSON.stringify(partsOf(uri))) {
    throw new RangeError('a part of the URI is not what it should be');
  }
  return whole;
}

function userAndHost({ user, password, host, port }: SipUri): string {
  const userinfo = user === null ? '' : `${user}${password === null ? '' : `:${password}`}@`;
  return `${userinfo}${bracketed(host)}${port === null ? '' : `:${port}`}`;
}

function partsOf(uri: SipUri | TelUri): unknown[] {
  const params = uri.params.map(([name, value]) => [name.toLowerCase(), value]);
  if (uri.scheme === 'tel') return [uri.number, params];
  return [uri.user, uri.password, uri.host.toLowerCase(), uri.port, params, uri.headers];
}

/** A name or number with all that needs it %-escaped, for the user part of a URI. */
export function escapeUser(user: string): string {
  return encodeURIComponent(user.toWellFormed()).replaceAll('%2B', '+');
}

/** `host` as it stands in a URI or a Via: an IPv6 address in brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
