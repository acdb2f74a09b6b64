import { parseNameAddr } from '../message/name-addr.ts';
import { param } from '../message/params.ts';
import type { SipResponse } from '../message/sip-message.ts';
import { parseSipUri } from '../message/sip-uri.ts';
import type { Local } from '../transport/target.ts';

/**
 * The seconds that a registrar grants (RFC 3261 §10.2.4, §10.3): of our own Contact among those that it lists, else of Expires,
 * else what was asked for. Never more than that.
 */
export function grantedSeconds({ headers }: SipResponse, local: Local, asked: number): number {
  for (const value of headers.all('Contact')) {
    const address = parseNameAddr(value);
    const uri = address === null ? null : parseSipUri(address.uri);
    if (address === null || uri === null || uri.scheme === 'tel') continue;
    if (uri.host === local.host.toLowerCase() && (uri.port ?? 5_060) === local.port)
      return bounded(param(address, 'expires') ?? headers.get('Expires'), asked);
  }
  return bounded(headers.get('Expires'), asked);
}

function bounded(text: string | null | undefined, asked: number): number {
  return text !== null && text !== undefined && /^\d{1,9}$/.test(text) ? Math.min(asked, Number(text)) : asked;
}
