import type { CallRow } from '../../store/tables/calls.ts';
import { callResult } from './call-result.ts';

/**
 * The body of the callback for a call that has ended, or will never be made, as JSON; keys in the vendor's order. It holds neither
 * the code nor what was said.
 *
 * @param callee E.164 with `+`
 */
export function otpFinished(call: CallRow, callee: string): string {
  const { id, instructionId, caller, createdAt, answeredAt, replays } = call;
  return JSON.stringify({
    type: 'otp-finished',
    'call-id': id,
    ...(instructionId !== null && { 'instruction-id': instructionId }),
    caller,
    callee,
    result: callResult(call),
    'started-on': instant(createdAt),
    'answered-on': answeredAt === null ? null : instant(answeredAt),
    // A call that no trunk ever had ends with its delivery.
    'finished-on': instant(call.endedAt ?? call.finalAt ?? createdAt),
    replays,
  });
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
