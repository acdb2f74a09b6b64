import type { CallbackEvent } from '../../rules/callback.ts';
import type { MessageFacts, VerificationFacts } from '../../store/tables/callback-facts.ts';
import type { CallRow } from '../../store/tables/calls.ts';
import { callJson } from './call-json.ts';

/** `call.finished`. */
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

/** `verification.approved` and its like: how it ended, with what its caller gave it to know it by. Its sends have callbacks of their own. */
export function verificationEnded(event: CallbackEvent, facts: VerificationFacts, to: string | null): string {
  const { id, channel, mode, dialect, failures, maxAttempts, metadata, createdAt, expiresAt, finalAt } = facts;
  const ended = new Date(finalAt ?? expiresAt).toISOString();
  return JSON.stringify({
    type: event,
    timestamp: ended,
    data: {
      ...{ id: `ver_${id}`, status: event.slice(event.indexOf('.') + 1), to, channel, mode, dialect },
      attempts: { failed: failures, remaining: maxAttempts - failures, max: maxAttempts },
      metadata,
      created_at: new Date(createdAt).toISOString(),
      expires_at: new Date(expiresAt).toISOString(),
      ended_at: ended,
    },
  });
}

/** `ping`: an endpoint is tried out. */
export function pinged(endpoint: string, at: number): string {
  return JSON.stringify({ type: 'ping', timestamp: new Date(at).toISOString(), data: { id: `cb_${endpoint}` } });
}
