import { expect } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import type { VerifyRequest, VerifyVerdict } from '../../rules/verify.ts';
import type { useRig } from './rig.ts';
import { codesOf, NOW, request, startOf } from './samples.ts';

/** What failed checks count against. */
export const NUMBER = [{ subject: 'live:n:number', most: 20 }];

/** A check of `one`'s code. */
export function check(
  { accountId, otpId: id }: Pick<AcceptRequest, 'accountId' | 'otpId'>,
  right: boolean,
  failures = NUMBER,
): VerifyRequest {
  return { kind: 'check', accountId, id, right, failures, replay: null };
}

/** What came of each request, in a word. */
export function wordsOf(verdicts: readonly VerifyVerdict[]): string[] {
  return verdicts.map((verdict) => {
    if (!verdict.judged) return verdict.refusal.code;
    const { result } = verdict;
    if (result.kind === 'wrong') return `wrong ${result.remaining}`;
    return result.kind === 'final' || result.kind === 'done' ? `${result.kind} ${result.state}` : result.kind;
  });
}

/** Begins verifications of the native API, each in an account of its own. */
export function starter(rig: ReturnType<typeof useRig>) {
  return async (
    over: Partial<AcceptRequest> = {},
    start: Parameters<typeof startOf>[0] = {},
  ): Promise<AcceptRequest> => {
    const { id } = await rig.account();
    const one = request(id, { dialect: 'native', verification: startOf(start), ...over });
    expect(codesOf(await rig.store.accept([one], 'node', NOW))).toEqual(['accepted']);
    return one;
  };
}
