import type { Mode } from '../rules/accept.ts';
import { ADDRESS_FAILURES, type FailureCheck, NUMBER_FAILURES } from '../rules/failures.ts';

/** What a failed check counts against, and what locks. @param addressDigest of the end user's network; null: not known */
export function failureChecks(mode: Mode, numberDigest: string, addressDigest: string | null): FailureCheck[] {
  const number = { subject: `${mode}:n:${numberDigest}`, most: NUMBER_FAILURES };
  return addressDigest === null
    ? [number]
    : [number, { subject: `${mode}:a:${addressDigest}`, most: ADDRESS_FAILURES }];
}
