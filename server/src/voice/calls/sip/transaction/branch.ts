import { param } from '../message/params.ts';
import type { SipRequest, SipResponse } from '../message/sip-message.ts';
import { BRANCH_COOKIE, parseVia } from '../message/via.ts';

/** The transaction of ours that a response is of (RFC 3261 §17.1.3); null: of none. */
export function clientKey(response: SipResponse): string | null {
  const via = parseVia(response.headers.get('via') ?? '');
  const branch = via === null ? null : param(via, 'branch');
  return branch ? `${branch} ${methodOf(response)}` : null;
}

function methodOf({ headers }: SipResponse): string {
  return (headers.get('cseq') ?? '').split(/[ \t]+/)[1] ?? '';
}

/**
 * The transaction of the far end's that a request is of (RFC 3261 §17.2.3). An ACK and a CANCEL are of the INVITE they speak of.
 * RFC 2543's branches are not unique, so those requests are told apart by all that they say.
 */
export function serverKey({ method, uri, headers }: SipRequest): string {
  const of = method === 'ACK' || method === 'CANCEL' ? 'INVITE' : method;
  const top = headers.get('via') ?? '';
  const via = parseVia(top);
  const branch = via === null ? null : param(via, 'branch');
  // The cookie alone says nothing either (RFC 4475 §3.2.1).
  if (via !== null && branch?.startsWith(BRANCH_COOKIE) && branch.length > BRANCH_COOKIE.length) {
    return `${branch} ${via.host} ${via.port ?? ''} ${of}`;
  }
  const cseq = (headers.get('cseq') ?? '').split(/[ \t]+/)[0];
  return `${uri} ${headers.get('from')} ${headers.get('call-id')} ${cseq} ${top} ${of}`;
}

/** The dialog, and the INVITE in it, that an ACK of a 2xx is of: it has a branch of its own (RFC 3261 §13.2.2.4). */
export function ackKey({ headers }: SipRequest, fromTag: string | null): string {
  const cseq = (headers.get('cseq') ?? '').split(/[ \t]+/)[0];
  return `${headers.get('call-id')} ${Number(cseq)} ${fromTag}`;
}
