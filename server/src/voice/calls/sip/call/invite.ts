import type { CallPlan } from '../../call-engine.ts';
import { writeNameAddr } from '../message/name-addr.ts';
import { sipHeaders } from '../message/sip-headers.ts';
import type { SipRequest } from '../message/sip-message.ts';
import { bracketed } from '../message/sip-uri.ts';
import type { Local, Target } from '../transport/target.ts';
import type { TrunkConfig } from '../trunk-config.ts';
import { identity, written } from './identity.ts';
import { isE164 } from './number.ts';

/** What we do inside a call. Neither PRACK (100rel) nor session timers: they are not said, so no far end may rely on them. */
export const ALLOW = 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE';

export const SDP_TYPE = 'application/sdp';
const USER_AGENT = 'Passbell';

/** Our own address as the far end reaches us. It never names who calls: it is in the clear however a caller hides. */
export function contact({ host, port }: Local, { transport }: Target, scheme: TrunkConfig['scheme']): string {
  // RFC 3261 §26.2.2: `transport=tls` is deprecated, but what most trunks understand; `sips` says it already.
  const suffix = transport === 'udp' || scheme === 'sips' ? '' : `;transport=${transport}`;
  return `<${scheme}:passbell@${bracketed(host)}:${port}${suffix}>`;
}

/** Host and port of a target, as its operator wrote them: what request lines name. */
export function domainOf({ serverName, port, transport }: Target): string {
  const isUsual = port === (transport === 'tls' ? 5_061 : 5_060);
  return isUsual ? bracketed(serverName) : `${bracketed(serverName)}:${port}`;
}

export interface InviteParts {
  readonly plan: Pick<CallPlan, 'to' | 'from' | 'anonymous'>;
  readonly config: TrunkConfig;
  readonly target: Target;
  readonly local: Local;
  readonly callId: string;
  readonly tag: string;
  /** SDP. */
  readonly offer: Uint8Array;
}

/** The first INVITE of a call. @throws RangeError where `to` is no number in E.164. */
export function inviteRequest({ plan, config, target, local, callId, tag, offer }: InviteParts): SipRequest {
  if (!isE164(plan.to)) throw new RangeError('a callee is a number in E.164');
  const { from, headers } = identity(plan, config);
  const uri = `${config.scheme}:${written(plan.to, config.numberFormat)}@${domainOf(target)}`;
  const fields = sipHeaders([
    ['From', writeNameAddr({ ...from, params: [['tag', tag]] })],
    ['To', `<${uri}>`],
    ['Call-ID', callId],
    ['CSeq', '1 INVITE'],
    ['Contact', contact(local, target, config.scheme)],
    ...headers,
    ['Allow', ALLOW],
    ['Accept', SDP_TYPE],
    ['User-Agent', USER_AGENT],
    ['Content-Type', SDP_TYPE],
  ]);
  return { kind: 'request', method: 'INVITE', uri, headers: fields, body: offer };
}
