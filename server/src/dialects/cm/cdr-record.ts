import type { CallRow } from '../../store/tables/calls.ts';
import { type CallResult, callResult } from './call-result.ts';

/** A call detail record as it goes out. Times are UTC, RFC 3339 with milliseconds. */
export interface CdrRecord {
  readonly 'call-id': string;
  readonly 'instruction-id': string | null;
  readonly caller: string | null;
  /** E.164; null once it was erased. */
  readonly callee: string | null;
  /** When the call was asked for. */
  readonly start: string;
  readonly answer: string | null;
  /** Null while it goes on. */
  readonly end: string | null;
  /** Seconds from answer to end, begun ones included; 0 for a call that was not answered, and until it has ended. */
  readonly duration: number;
  /** Null while it goes on. */
  readonly result: CallResult | null;
  readonly replays: number;
  /** Credits charged. */
  readonly cost: number;
  readonly warnings: readonly string[];
}

export function cdrRecord(call: CallRow, callee: string | null): CdrRecord {
  const { answeredAt } = call;
  const endedAt = call.endedAt ?? call.finalAt;
  return {
    'call-id': call.id,
    'instruction-id': call.instructionId,
    caller: call.caller,
    callee,
    start: instant(call.createdAt),
    answer: answeredAt === null ? null : instant(answeredAt),
    end: endedAt === null ? null : instant(endedAt),
    duration: answeredAt === null || endedAt === null ? 0 : Math.max(0, Math.ceil((endedAt - answeredAt) / 1000)),
    result: endedAt === null ? null : callResult(call),
    replays: call.replays,
    cost: isCharged(call) ? call.credits : 0,
    warnings: call.warnings,
  };
}

/** A call is charged when it is answered; one that was lost with its node is not. */
function isCharged({ answeredAt, state }: CallRow): boolean {
  return answeredAt !== null && state !== 'failed' && state !== 'expired';
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
