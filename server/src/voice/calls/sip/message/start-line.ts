import { parseSipUri } from './sip-uri.ts';
import { TOKEN } from './token.ts';

type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly uri: string }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string }
  | { readonly kind: 'fault'; readonly status: 400 | 505; readonly why: string; readonly method: string | null };

/** Any absolute URI, or what could be one: those of other schemes are refused above (416). */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"\0]+$/;

/** The first line of a message, without its CRLF. */
export function parseStartLine(line: string): StartLine {
  return /^SIP\//i.test(line) ? parseStatusLine(line) : parseRequestLine(line);
}

function parseStatusLine(line: string): StartLine {
  // The space behind the status is left out by some that have no reason to give.
  const found = /^SIP\/2\.0 ([1-6]\d\d)(?: ([^\r\n\0]*))?$/i.exec(line);
  if (found === null) return { kind: 'fault', status: 400, why: 'malformed status line', method: null };
  return { kind: 'response', status: Number(found[1]), reason: found[2] ?? '' };
}

function parseRequestLine(line: string): StartLine {
  const [method = '', uri = '', version = '', ...more] = line.split(' ');
  if (!TOKEN.test(method)) return { kind: 'fault', status: 400, why: 'malformed request line', method: null };
  if (/^SIP\/\d+\.\d+$/i.test(version) && version.slice(4) !== '2.0') {
    return { kind: 'fault', status: 505, why: 'SIP version not supported', method };
  }
  const known = /^(?:sips?|tel):/i.test(uri) ? parseSipUri(uri) : URI.test(uri) ? uri : null;
  // Headers in a Request-URI are for those who place a call from it, and not for the wire (RFC 3261 §19.1.1).
  const headers = known !== null && typeof known === 'object' && 'headers' in known && known.headers !== null;
  if (known === null || headers || more.length > 0 || version.toUpperCase() !== 'SIP/2.0') {
    return { kind: 'fault', status: 400, why: 'malformed request line', method };
  }
  return { kind: 'request', method, uri };
}
