import type { Mode } from './accept.ts';

const MODES: readonly Mode[] = ['test', 'live'];

/** What sends to a number count against: within an account one text for all spellings of the number. */
export function numberSubject(numberDigest: string): string {
  return `n:${numberDigest}`;
}

/** What sends for the end users of one network count against. @param networkDigest of their addresses' network, not of one address */
export function addressSubject(networkDigest: string): string {
  return `a:${networkDigest}`;
}

/** What failed checks count against. Apart by mode: who tries things out with a test key locks nobody out. @param subject one of the above */
export function failureSubject(mode: Mode, subject: string): string {
  return `${mode}:${subject}`;
}

/** All that failed checks of a number count against, in either mode. */
export function failureSubjects(numberDigest: string): string[] {
  return MODES.map((mode) => failureSubject(mode, numberSubject(numberDigest)));
}
