import type { SenderDeps } from './send.ts';
import { sendVerification } from './send-verification.ts';
import type { StartsVerification } from './verification.ts';

/** Begins verifications with their first send. See `StartsVerification` for what it rejects with. */
export function verificationStarter(deps: SenderDeps): StartsVerification {
  return (request) => {
    const { messages, steps, ip, bindIp, callbackUrl, metadata, warnings, ...base } = request;
    const [first] = steps;
    if (first === undefined) throw new RangeError('a verification without a step');
    const part = { messages, steps, ip, bindIp, callbackUrl, metadata, warnings };
    const send = { ...base, verification: { kind: 'start', ...part }, via: first.carrier } as const;
    return sendVerification(send, first.channel, messages, deps);
  };
}
