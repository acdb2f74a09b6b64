import type { CallPlan } from '../../call-engine.ts';
import { type NameAddr, writeNameAddr } from '../message/name-addr.ts';
import { bracketed, escapeUser } from '../message/sip-uri.ts';
import type { TrunkConfig } from '../trunk-config.ts';
import { isE164 } from './number.ts';

/** Who calls, as one call says it. */
export interface Identity {
  /** Without its tag. */
  readonly from: NameAddr;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Stands for the user where a trunk knows us by our address alone and no number is to be shown. */
const NAMELESS = 'passbell';

/** RFC 3323 §4.1.1.3. Not even the domain may tell who calls. */
const ANONYMOUS: NameAddr = { displayName: 'Anonymous', uri: 'sip:anonymous@anonymous.invalid', params: [] };

/**
 * The caller's headers. Whose number is hidden is told to a trusted trunk alone (RFC 3325 §9.1): others would pass it on.
 * A number that the trunk does not let us show is replaced by its first one: most trunks refuse the call otherwise.
 */
export function identity({ from, anonymous }: Pick<CallPlan, 'from' | 'anonymous'>, config: TrunkConfig): Identity {
  const { callerIds, numberFormat, trustedIdentity } = config;
  const account = address(escapeUser(config.credentials?.username ?? NAMELESS), config);
  const number = callerNumber(from, callerIds);
  const caller = number === null ? account : address(written(number, numberFormat), config);
  const asserted: Identity['headers'] = trustedIdentity ? [['P-Asserted-Identity', writeNameAddr(caller)]] : [];
  if (anonymous) return { from: ANONYMOUS, headers: [...asserted, ['Privacy', 'id']] };
  return { from: config.fromUser === 'account' ? account : caller, headers: asserted };
}

function address(user: string, { scheme, fromDomain }: TrunkConfig): NameAddr {
  return { displayName: '', uri: `${scheme}:${user}@${bracketed(fromDomain)}`, params: [] };
}

/** A number as the trunk wants it. */
export function written(number: string, format: TrunkConfig['numberFormat']): string {
  return format === 'e164' ? number : number.slice(1);
}

function callerNumber(from: string | null, allowed: readonly string[]): string | null {
  const mayShow = from !== null && isE164(from) && (allowed.length === 0 || allowed.includes(from));
  return mayShow ? from : (allowed[0] ?? null);
}
