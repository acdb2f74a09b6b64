import { parseCSeq } from './cseq.ts';
import { parseNameAddr } from './name-addr.ts';
import { canonicalName, type SipHeaders, sipHeaders } from './sip-headers.ts';
import type { SipFault, SipRequest, SipResponse } from './sip-message.ts';
import { parseStartLine } from './start-line.ts';
import { commaList, TOKEN } from './token.ts';
import { parseVia } from './via.ts';

/** The longest message that is read, and the longest line of it, in octets. */
export const LONGEST_MESSAGE = 64 * 1024;
const LONGEST_LINE = 8 * 1024;
/** Header field values in one message. RFC 4475's `longreq` has 44. */
const MOST_FIELDS = 256;

/** Comma lists of which each element is read by itself. Of others, like Date or a challenge, the comma is part of the value. */
const LISTS: ReadonlySet<string> = new Set([
  'accept',
  'allow',
  'allow-events',
  'contact',
  'content-encoding',
  'diversion',
  'history-info',
  'p-asserted-identity',
  'path',
  'proxy-require',
  'reason',
  'record-route',
  'require',
  'route',
  'service-route',
  'supported',
  'unsupported',
  'via',
]);

/** Of these there is one, or none. */
const SINGLE = ['from', 'to', 'call-id', 'cseq', 'content-length', 'content-type', 'max-forwards'] as const;

/**
 * Takes one whole message apart. Lenient where RFC 4475 §3.1.1 wants it, and a fault where §3.1.2 does; never throws.
 * What it gives can be written by `writeSip`. What comes behind the body, by its Content-Length, is left aside (RFC 3261 §18.3).
 */
export function parseSip(octets: Uint8Array): SipRequest | SipResponse | SipFault {
  const message = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  let from = 0;
  while (message[from] === 13 && message[from + 1] === 10) from += 2;
  const end = message.indexOf('\r\n\r\n', from);
  const lines = message.toString('utf8', from, end < 0 ? message.length : end).split('\r\n');
  const start = parseStartLine(lines[0] ?? '');
  const fields = parseFields(lines);
  const method = start.kind === 'request' ? start.method : null;
  const fault = (why: string, status: SipFault['status'] = 400): SipFault => ({
    kind: 'fault',
    status,
    why,
    method,
    headers: fields.headers,
  });

  if (octets.length > LONGEST_MESSAGE) return fault('message too large', 513);
  if (start.kind === 'fault') return { ...fault(start.why, start.status), method: start.method };
  if (end < 0) return fault('no end of the header fields');
  const why = fields.why ?? faultOf(fields.headers, method);
  if (why !== null) return fault(why);
  const rest = message.length - end - 4;
  const length = Number(fields.headers.get('content-length') ?? rest);
  if (length > rest) return fault('body shorter than Content-Length');
  // A copy: what was read around it may be large.
  const body = new Uint8Array(message.subarray(end + 4, end + 4 + length));
  return { ...start, headers: fields.headers, body };
}

/** The header fields, and what is wrong with them. Those that can be read are there even so: a refusal is written with them. */
function parseFields(lines: readonly string[]): { readonly headers: SipHeaders; readonly why: string | null } {
  const fields: [string, string][] = [];
  let why: string | null = null;
  for (const line of unfolded(lines)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trimEnd();
    // A NUL may stand behind a backslash in quotes (RFC 4475's `intmeth`) and nowhere else. It is read as a space: what is said back
    // to the far end can then always be written.
    const value = line
      .slice(colon + 1)
      .trim()
      .replaceAll('\\\0', '\\ ');
    if (!TOKEN.test(name)) why ??= 'malformed header field';
    else if (line.length > LONGEST_LINE || /[\r\n\0]/.test(value)) why ??= 'malformed header field';
    else if (value.includes(',') && LISTS.has(canonicalName(name))) {
      const elements = commaList(value);
      if (elements === null) why ??= 'malformed header field';
      for (const element of elements ?? []) fields.push([name, element]);
    } else fields.push([name, value]);
    if (fields.length > MOST_FIELDS)
      return { headers: sipHeaders(fields.slice(0, MOST_FIELDS)), why: 'too many header fields' };
  }
  return { headers: sipHeaders(fields), why };
}

/** The lines behind the start line, each with those that go on from it (RFC 3261 §7.3.1). */
function* unfolded(lines: readonly string[]): Generator<string> {
  let line: string | null = null;
  for (let at = 1; at < lines.length; at++) {
    const next = lines[at] ?? '';
    if (line !== null && (next.startsWith(' ') || next.startsWith('\t'))) line += ` ${next.trim()}`;
    else {
      if (line !== null) yield line;
      line = next;
    }
  }
  if (line !== null && line !== '') yield line;
}

/** What a user agent cannot do without (RFC 3261 §8.1.1, §8.2.6.2), and what must be right to be acted upon. */
function faultOf(headers: SipHeaders, method: string | null): string | null {
  for (const name of SINGLE) if (headers.all(name).length > 1) return `more than one ${name}`;
  const cseq = parseCSeq(headers.get('cseq') ?? '');
  if (cseq === null) return 'missing or malformed CSeq';
  if (method !== null && cseq.method !== method) return 'method differs from CSeq';
  if (!/^\S+$/.test(headers.get('call-id') ?? '')) return 'missing or malformed Call-ID';
  if (parseVia(headers.get('via') ?? '') === null) return 'missing or malformed Via';
  if (parseNameAddr(headers.get('from') ?? '') === null) return 'missing or malformed From';
  if (parseNameAddr(headers.get('to') ?? '') === null) return 'missing or malformed To';
  if (!/^\d{1,9}$/.test(headers.get('content-length') ?? '0')) return 'malformed Content-Length';
  if (method === null) return null;
  const hops = headers.get('max-forwards') ?? '70';
  if (!/^0*\d{1,3}$/.test(hops) || Number(hops) > 255) return 'malformed Max-Forwards';
  const contact = headers.all('contact').find((value) => value !== '*' && parseNameAddr(value) === null);
  return contact === undefined ? null : 'malformed Contact';
}
