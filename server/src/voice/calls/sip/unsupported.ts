import type { SipRequest } from './message/sip-message.ts';
import type { Reply } from './transaction/reply.ts';

/**
 * The refusal of a request that asks for what nobody here has, whatever its method (RFC 3261 §8.2.2). Null: nothing of that kind.
 * @param supported option tags, in lower case.
 */
export function unsupported({ uri, headers }: SipRequest, supported: readonly string[]): Reply | null {
  if (!/^(?:sips?|tel):/i.test(uri)) return { status: 416 };
  const missing = headers.all('require').filter((tag) => tag !== '' && !supported.includes(tag.toLowerCase()));
  return missing.length === 0 ? null : { status: 420, headers: [['Unsupported', missing.join(', ')]] };
}
