import type { CallbackEvent } from '../../rules/callback.ts';
import type { MessageFacts } from '../../store/tables/callbacks.ts';
import type { CallRow } from '../../store/tables/calls.ts';
import { callJson } from './call-json.ts';

/** `call.finished`, as the account's own receiver gets it. */
export function callFinished(call: CallRow, to: string | null): string {
  const timestamp = new Date(call.finalAt ?? call.createdAt).toISOString();
  return JSON.stringify({ type: 'call.finished', timestamp, data: callJson(call, to) });
}

/** `message.delivered` and its like. `number` is the integer id that TingTing's list shows. */
export function messageEnded(event: CallbackEvent, facts: MessageFacts, to: string | null): string {
  const { deliveryId, dialect, mode, number, carrier, segments, credits, reason, createdAt, finalAt } = facts;
  const state = event.slice(event.indexOf('.') + 1);
  return JSON.stringify({
    type: event,
    timestamp: new Date(finalAt ?? createdAt).toISOString(),
    data: {
      ...{ id: `msg_${deliveryId}`, number, to, state, reason, mode, dialect, carrier, segments },
      credits: state === 'sent' || state === 'delivered' ? credits : 0,
      created_at: new Date(createdAt).toISOString(),
      ended_at: finalAt === null ? null : new Date(finalAt).toISOString(),
    },
  });
}
