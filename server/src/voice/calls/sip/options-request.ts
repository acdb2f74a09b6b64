import { contact, domainOf, SDP_TYPE } from './call/invite.ts';
import { sipHeaders } from './message/sip-headers.ts';
import { NO_BODY, type SipRequest } from './message/sip-message.ts';
import { bracketed, escapeUser } from './message/sip-uri.ts';
import type { Local, Target } from './transport/target.ts';
import type { TrunkConfig } from './trunk-config.ts';

export interface OptionsParts {
  readonly config: TrunkConfig;
  readonly target: Target;
  readonly local: Local;
  readonly callId: string;
  readonly tag: string;
  /** The number in CSeq. */
  readonly number: number;
}

/** Asks a trunk whether it is there, and speaks to us (RFC 3261 §11). */
export function optionsRequest({ config, target, local, callId, tag, number }: OptionsParts): SipRequest {
  const { scheme, fromDomain, credentials } = config;
  const uri = `${scheme}:${domainOf(target)}`;
  const user = escapeUser(credentials?.username ?? 'passbell');
  const fields = sipHeaders([
    ['From', `<${scheme}:${user}@${bracketed(fromDomain)}>;tag=${tag}`],
    ['To', `<${uri}>`],
    ['Call-ID', callId],
    ['CSeq', `${number} OPTIONS`],
    ['Contact', contact(local, target, scheme)],
    ['Accept', SDP_TYPE],
    ['User-Agent', 'Passbell'],
  ]);
  return { kind: 'request', method: 'OPTIONS', uri, headers: fields, body: NO_BODY };
}
