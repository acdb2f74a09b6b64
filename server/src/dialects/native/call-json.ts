import type { CallRow } from '../../store/tables/calls.ts';

/** A call's record as `/v1/calls` and the callback `call.finished` show it. Never the code. @param to E.164; null once it was erased */
export function callJson(call: CallRow, to: string | null) {
  const { instructionId, caller, anonymous, mode, dialect, state, reason, outcome, trunk, replays, warnings } = call;
  const { answeredAt, endedAt } = call;
  return {
    id: `call_${call.id}`,
    ...{ to, from: caller, anonymous, mode, dialect },
    instruction_id: instructionId,
    ...{ state, reason, outcome },
    sip_status: call.sipStatus,
    sip_reason: call.sipReason,
    q850_cause: call.cause,
    ...{ trunk, replays },
    spoken_seconds: call.spokenMs / 1000,
    duration_seconds: answeredAt === null || endedAt === null ? 0 : Math.ceil((endedAt - answeredAt) / 1000),
    credits: chargedCredits(call),
    created_at: time(call.createdAt),
    ringing_at: time(call.ringingAt),
    answered_at: time(answeredAt),
    ended_at: time(endedAt ?? call.finalAt),
    warnings,
  };
}

/** What the call cost: nothing until it was answered and has ended. */
export function chargedCredits({ state, credits }: Pick<CallRow, 'state' | 'credits'>): number {
  return state === 'delivered' ? credits : 0;
}

function time(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
