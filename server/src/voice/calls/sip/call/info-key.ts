import type { SipRequest } from '../message/sip-message.ts';

/** How some write the keys that are no digits: by their numbers as events (RFC 4733 §3.2). */
const EVENT_NAMES: ReadonlyMap<string, string> = new Map([
  ['10', '*'],
  ['11', '#'],
]);

/** The content type of a request or response, without parameters, in lower case; empty: none. */
export function contentType({ headers }: Pick<SipRequest, 'headers'>): string {
  return (headers.get('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/**
 * The key that an INFO tells of: `application/dtmf-relay` (`Signal=5`, `Duration=160`: Cisco's, and everybody's since) or
 * `application/dtmf` (`5`). Null: it tells of none.
 */
export function infoKey(request: SipRequest): string | null {
  const type = contentType(request);
  if (type !== 'application/dtmf-relay' && type !== 'application/dtmf') return null;
  const body = Buffer.from(request.body).toString('latin1', 0, 256);
  const signal = /^\s*signal\s*=\s*(\S+)\s*$/im.exec(body)?.[1] ?? (type === 'application/dtmf' ? body.trim() : '');
  const key = (EVENT_NAMES.get(signal) ?? signal).toUpperCase();
  return /^[0-9*#A-D]$/.test(key) ? key : null;
}
