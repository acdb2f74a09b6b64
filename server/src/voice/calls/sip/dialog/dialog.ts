import { parseCSeq } from '../message/cseq.ts';
import { parseNameAddr, tagOf } from '../message/name-addr.ts';
import { param } from '../message/params.ts';
import { sipHeaders } from '../message/sip-headers.ts';
import { NO_BODY, type SipRequest, type SipResponse } from '../message/sip-message.ts';
import { parseSipUri } from '../message/sip-uri.ts';

/** What both sides of a call agreed on (RFC 3261 §12), seen from the one that called. */
export interface Dialog {
  readonly callId: string;
  /** What a 2xx and its repetitions are known by: of each fork another one. */
  readonly remoteTag: string;
  /** The URI that says where requests go next: the first of the route, or the far end itself. */
  hop(): string;
  /** Without the credentials that the INVITE had. */
  ack(): SipRequest;
  /** The next request of ours. */
  request(method: string, headers?: Headers, body?: Uint8Array): SipRequest;
  /** Whether a request from outside belongs to this dialog. */
  owns(request: SipRequest): boolean;
  /** Whether it comes in order; what was overtaken is not to be acted upon (§12.2.2). */
  inOrder(request: SipRequest): boolean;
  /** The far end has moved: takes the Contact of its re-INVITE or UPDATE. */
  refresh(request: SipRequest): void;
}

export type Headers = readonly (readonly [name: string, value: string])[];

/**
 * What the far end says goes into it piece by piece, each one checked: a request made of it can always be written.
 * @param response a 2xx to `invite`.
 */
export function dialogOf(invite: SipRequest, response: SipResponse): Dialog {
  const callId = invite.headers.get('Call-ID') ?? '';
  const from = invite.headers.get('From') ?? '';
  const localTag = tagOf(from) ?? '';
  const remoteTag = remoteTagOf(response.headers.get('To'));
  const to = `${invite.headers.get('To')}${remoteTag === '' ? '' : `;tag=${remoteTag}`}`;
  const inviteNumber = parseCSeq(invite.headers.get('CSeq') ?? '')?.number ?? 1;
  // §12.1.2: the route is the Record-Route backwards.
  const recorded = response.headers.all('Record-Route').map(sipUri);
  const routes = recorded.filter((uri) => uri !== null).reverse();
  // A 2xx has to have a Contact; without one, what rang is what was dialled.
  let remote = sipUri(response.headers.get('Contact')) ?? invite.uri;
  let number = inviteNumber;
  let remoteNumber = -1;

  function build(method: string, at: number, headers: Headers, body: Uint8Array): SipRequest {
    const { uri, route } = routed(remote, routes);
    const fields = sipHeaders([
      ...route.map((hop) => ['Route', `<${hop}>`] as const),
      ['From', from],
      ['To', to],
      ['Call-ID', callId],
      ['CSeq', `${at} ${method}`],
      ...headers,
    ]);
    return { kind: 'request', method, uri, headers: fields, body };
  }

  return {
    callId,
    remoteTag,
    hop: () => routes[0] ?? remote,
    // §13.2.2.4: the number of the INVITE that it belongs to.
    ack: () => build('ACK', inviteNumber, [], NO_BODY),
    request(method, headers = [], body = NO_BODY) {
      number += 1;
      return build(method, number, headers, body);
    },
    owns: ({ headers }) =>
      headers.get('Call-ID') === callId &&
      tagOf(headers.get('To')) === localTag &&
      remoteTagOf(headers.get('From')) === remoteTag,
    inOrder({ headers }) {
      const cseq = parseCSeq(headers.get('CSeq') ?? '')?.number ?? -1;
      if (cseq <= remoteNumber) return false;
      remoteNumber = cseq;
      return true;
    },
    refresh({ headers }) {
      remote = sipUri(headers.get('Contact')) ?? remote;
    },
  };
}

/** A tag as it can be written again; empty: there is none, as in calls from before RFC 3261. */
function remoteTagOf(value: string | undefined): string {
  const tag = tagOf(value) ?? '';
  return /^[!#-:<-~]+$/.test(tag) ? tag : '';
}

function sipUri(value: string | undefined): string | null {
  const uri = parseNameAddr(value ?? '')?.uri ?? '';
  const parsed = parseSipUri(uri);
  return parsed === null || parsed.scheme === 'tel' ? null : uri;
}

/** §12.2.1.1: a first router without `lr` wants itself in the request line, and the far end last in the route. */
function routed(
  remote: string,
  routes: readonly string[],
): { readonly uri: string; readonly route: readonly string[] } {
  const [first, ...others] = routes;
  const router = first === undefined ? null : parseSipUri(first);
  if (first === undefined || router === null || param(router, 'lr') !== undefined)
    return { uri: remote, route: routes };
  return { uri: first, route: [...others, remote] };
}
