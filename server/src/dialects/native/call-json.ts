import { Type } from '@sinclair/typebox';
import type { CallOutcome } from '../../rules/call-record.ts';
import type { CallRow } from '../../store/tables/calls.ts';
import { progress, provenance } from './delivery-json.ts';
import { answerObject, idField, numberField, orNull, timeField } from './field-schemas.ts';

export const CALL = 'call_';

const OUTCOMES = ['completed', 'cancelled', 'rejected', 'failed'] as const satisfies readonly CallOutcome[];

export const outcomeSchema = orNull(Type.Union(OUTCOMES.map((outcome) => Type.Literal(outcome))), {
  description:
    '`completed`: it was answered. `cancelled`: it rang until its time was up. `rejected`: the callee or the provider said no. `failed`: it could not be made. Null: it is not over.',
});

export const sipStatusSchema = orNull(Type.Integer(), {
  description: 'The final SIP status; null where there was none, and of a call that was answered.',
  examples: [486],
});

export const callSchema = answerObject('Call', {
  id: idField(CALL, 'a call'),
  to: orNull(numberField, { description: 'The callee, E.164; null once it was erased.' }),
  from: orNull(Type.String(), { description: 'What the callee is shown, E.164; null: the trunk’s own.' }),
  anonymous: Type.Boolean({ description: 'Whether the caller hides.' }),
  ...provenance,
  instruction_id: orNull(Type.String(), { description: 'The caller’s own name for it (CM.com).' }),
  state: progress.state,
  reason: progress.reason,
  outcome: outcomeSchema,
  sip_status: sipStatusSchema,
  sip_reason: Type.String({ description: 'The far end’s words for it.', examples: ['Busy Here'] }),
  q850_cause: orNull(Type.Integer({ minimum: 1, maximum: 127 }), {
    description: 'The cause by ITU-T Q.850, where one was given.',
    examples: [17],
  }),
  trunk: orNull(Type.String(), { description: 'The trunk that was tried last.' }),
  replays: Type.Integer({ minimum: 0, description: 'How often the callee had it said again.' }),
  spoken_seconds: Type.Number({
    minimum: 0,
    description: 'How long it speaks, without replays; the price is by this.',
  }),
  duration_seconds: Type.Integer({ minimum: 0, description: 'From the answer to the end, begun seconds count.' }),
  credits: Type.Integer({ minimum: 0, description: 'Charged: nothing until it was answered and has ended.' }),
  created_at: timeField('When it was asked for.'),
  ringing_at: orNull(timeField('When the far end had it.')),
  answered_at: orNull(timeField('When it was answered.')),
  ended_at: orNull(timeField('When it was over.')),
  warnings: Type.Array(Type.String(), { description: 'What was asked for and could not be had.' }),
});

/** A call's record as `/v1/calls` and the callback `call.finished` show it. Never the code. @param to E.164; null once it was erased */
export function callJson(call: CallRow, to: string | null) {
  const { instructionId, caller, anonymous, mode, dialect, state, reason, outcome, trunk, replays, warnings } = call;
  const { answeredAt, endedAt } = call;
  return {
    id: CALL + call.id,
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
    created_at: new Date(call.createdAt).toISOString(),
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
