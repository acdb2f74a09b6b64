import { tagOf } from '../message/name-addr.ts';
import { param } from '../message/params.ts';
import { type SipHeaders, sipHeaders } from '../message/sip-headers.ts';
import { NO_BODY, type SipResponse } from '../message/sip-message.ts';
import { parseVia, writeVia } from '../message/via.ts';
import type { Target } from '../transport/target.ts';

/** What a request from outside is answered with. */
export interface Reply {
  /** 100 … 699. */
  readonly status: number;
  /** Default: the status's own phrase. */
  readonly reason?: string;
  /** In addition to Via, From, To (with a tag of ours where it had none), Call-ID and CSeq. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array;
}

/** RFC 3261 §21, those that are said here. Others say nothing: the number is what counts. */
const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  200: 'OK',
  400: 'Bad Request',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  415: 'Unsupported Media Type',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  481: 'Call/Transaction Does Not Exist',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

/** RFC 3261 §8.2.6.2. @param headers of the request, its Via as `stamped` made it. */
export function replyTo(headers: SipHeaders, reply: Reply, tag: string): SipResponse {
  const { status, reason = REASONS[status] ?? '', body = NO_BODY } = reply;
  const fields: (readonly [string, string])[] = headers.all('via').map((via) => ['Via', via]);
  for (const name of ['From', 'To', 'Call-ID', 'CSeq']) {
    const value = headers.get(name);
    // Not there in what is malformed.
    if (value === undefined) continue;
    const tagged = name === 'To' && status > 100 && tagOf(value) === null;
    fields.push([name, tagged ? `${value};tag=${tag}` : value]);
  }
  return { kind: 'response', status, reason, headers: sipHeaders([...fields, ...(reply.headers ?? [])]), body };
}

/**
 * The headers with the place they came from in their top Via (RFC 3261 §18.2.1, RFC 3581 §4), and the target that the answer goes
 * to: never another address than that, so that nobody is answered who has not asked. Null: there is no Via that can be read.
 */
export function stamped(
  headers: SipHeaders,
  from: Target,
): { readonly headers: SipHeaders; readonly back: Target } | null {
  const [top = '', ...others] = headers.all('via');
  const via = parseVia(top);
  if (via === null) return null;
  const symmetric = param(via, 'rport') !== undefined;
  const params = via.params.filter(([name]) => name !== 'received' && name !== 'rport');
  const seen = {
    ...via,
    params: [
      ...params,
      ...(via.host === from.address && !symmetric ? [] : ([['received', from.address]] as const)),
      ...(symmetric ? ([['rport', String(from.port)]] as const) : []),
    ],
  };
  const back = from.transport !== 'udp' || symmetric ? from : { ...from, port: via.port ?? 5060 };
  const fields = [writeVia(seen), ...others].map((value) => ['Via', value] as const);
  return { headers: sipHeaders([...fields, ...headers.without('via').entries()]), back };
}
