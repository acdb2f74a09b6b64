import { type Params, parseParams, writeParams } from './params.ts';
import { bracketed, parseHostPort } from './sip-uri.ts';

/** One element of Via (RFC 3261 §20.42). */
export interface Via {
  /** Upper case: `UDP`, `TCP`, `TLS`, or one nobody here knows. */
  readonly transport: string;
  /** Lower case; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number | null;
  readonly params: Params;
}

/** What every branch of RFC 3261 begins with (§8.1.1.7): those without it are RFC 2543's, and not unique. */
export const BRANCH_COOKIE = 'z9hG4bK';

// The version is not looked at: it is the start line's business, and a refusal of it needs the Via too.
const START = /^SIP[ \t]*\/[ \t]*[0-9.]+[ \t]*\/[ \t]*([A-Za-z0-9\-.!%*_+`'~]+)[ \t]+([^;]+)/i;

export function parseVia(value: string): Via | null {
  const found = START.exec(value);
  if (found === null) return null;
  const [start, transport = '', sentBy = ''] = found;
  const place = parseHostPort(sentBy.replace(/[ \t]*:[ \t]*/g, ':').trim());
  const params = parseParams(value, start.length);
  return place !== null && params !== null ? { transport: transport.toUpperCase(), ...place, params } : null;
}

export function writeVia({ transport, host, port, params }: Via): string {
  return `SIP/2.0/${transport} ${bracketed(host)}${port === null ? '' : `:${port}`}${writeParams(params)}`;
}
