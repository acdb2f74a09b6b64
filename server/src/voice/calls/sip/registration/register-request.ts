import { contact, domainOf } from '../call/invite.ts';
import { sipHeaders } from '../message/sip-headers.ts';
import { NO_BODY, type SipRequest } from '../message/sip-message.ts';
import { bracketed, escapeUser } from '../message/sip-uri.ts';
import type { Local, Target } from '../transport/target.ts';
import type { TrunkConfig } from '../trunk-config.ts';

export interface RegisterParts {
  readonly config: TrunkConfig;
  /** Of our address. */
  readonly username: string;
  readonly target: Target;
  readonly callId: string;
  readonly tag: string;
  /** The number in CSeq: one more each time (RFC 3261 §10.2). */
  readonly number: number;
  /** Where we are, and for how many seconds, 0 to take it back; null asks what is registered, and changes nothing (§10.2.3). */
  readonly binding: { readonly local: Local; readonly expires: number } | null;
}

export function registerRequest(parts: RegisterParts): SipRequest {
  const { config, username, target, callId, tag, number, binding } = parts;
  const { scheme, fromDomain, places } = config;
  const own = `${scheme}:${escapeUser(username)}@${bracketed(fromDomain)}`;
  const isHost = fromDomain === places[0].host;
  const uri = `${scheme}:${isHost ? domainOf(target) : bracketed(fromDomain)}`;
  const fields = sipHeaders([
    ['From', `<${own}>;tag=${tag}`],
    ['To', `<${own}>`],
    ['Call-ID', callId],
    ['CSeq', `${number} REGISTER`],
    ...(binding === null
      ? []
      : [['Contact', contact(binding.local, target, scheme)] as const, ['Expires', String(binding.expires)] as const]),
    ['User-Agent', 'Passbell'],
  ]);
  return { kind: 'request', method: 'REGISTER', uri, headers: fields, body: NO_BODY };
}
