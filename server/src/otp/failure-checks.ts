import type { Mode } from '../rules/accept.ts';
import { ADDRESS_FAILURES, type FailureCheck, NUMBER_FAILURES } from '../rules/failures.ts';
import { addressSubject, failureSubject, numberSubject } from '../rules/subjects.ts';

/** What a failed check counts against, and what locks. @param addressDigest of the end user's network; null: not known */
export function failureChecks(mode: Mode, numberDigest: string, addressDigest: string | null): FailureCheck[] {
  const number = { subject: failureSubject(mode, numberSubject(numberDigest)), most: NUMBER_FAILURES };
  if (addressDigest === null) return [number];
  return [number, { subject: failureSubject(mode, addressSubject(addressDigest)), most: ADDRESS_FAILURES }];
}
