import type { Reason } from '../../rules/outcome.ts';
import type { CallRow } from '../../store/tables/calls.ts';

/** How a call ended, in the vendor's words: the same in callbacks and call records. */
export interface CallResult {
  readonly code: 9 | 10 | 11 | 12;
  readonly description: string;
  /** `BYE` for a call that was answered, else the final SIP status; empty where there was none. At most 3 characters. */
  readonly 'sip-disconnect-code': string;
  /** At most 64 characters. */
  readonly 'sip-disconnect-reason': string;
}

const LONGEST_REASON = 64;

/** Why no trunk said anything about a call, or none had it. */
const REASONS: Partial<Record<Reason, string>> = {
  no_carrier: 'No trunk was there to place the call',
  carrier_unreachable: 'No trunk could be reached',
  carrier_error: 'The trunk failed',
  code_expired: 'The code expired before the call could be placed',
  content_lost: 'What was to be said was gone before the call was placed',
  store_lost: 'The request was not kept',
  node_lost: 'The service stopped during the call',
  outcome_unknown: 'The service stopped before the call was known to be placed',
};

const NO_WORDS = 'The call could not be made';

/** What is to be told of a call that has ended, or will never be made. */
export function callResult(call: Pick<CallRow, 'outcome' | 'reason' | 'sipStatus' | 'sipReason'>): CallResult {
  switch (call.outcome) {
    case 'completed':
      return result(10, 'Finished successfully', 'BYE', call.sipReason);
    case 'cancelled':
      return result(9, 'Cancelled', statusOf(call), call.sipReason);
    case 'rejected':
      return result(12, 'Call rejected', statusOf(call), call.sipReason);
    case 'failed':
    case null: {
      const words = (call.reason && REASONS[call.reason]) ?? NO_WORDS;
      return result(11, 'Failed', statusOf(call), call.sipReason === '' ? words : call.sipReason);
    }
    default:
      return call.outcome satisfies never;
  }
}

function result(code: CallResult['code'], description: string, disconnect: string, reason: string): CallResult {
  return {
    code,
    description,
    'sip-disconnect-code': disconnect.slice(0, 3),
    'sip-disconnect-reason': Array.from(reason).slice(0, LONGEST_REASON).join(''),
  };
}

function statusOf({ sipStatus }: Pick<CallRow, 'sipStatus'>): string {
  return sipStatus === null ? '' : String(sipStatus);
}
