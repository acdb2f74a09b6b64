import type { AcceptRequest, VerificationStart } from '../rules/accept.ts';
import type { NewOtp } from './counts.ts';

/** The accepted sends that begin a verification. */
export function newVerifications(
  otps: readonly NewOtp[],
): readonly { readonly request: AcceptRequest; readonly start: VerificationStart }[] {
  return otps.flatMap(({ request }) =>
    request.verification?.kind === 'start' ? { request, start: request.verification } : [],
  );
}

/** What a delivery says, where its otp's cell does not. */
export function ownContent({ verification, contentSealed }: AcceptRequest): string | null {
  return verification === null || verification.kind === 'start' ? null : contentSealed;
}
