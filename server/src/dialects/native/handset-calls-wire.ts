import { Type } from '@sinclair/typebox';
import type { HandsetCall } from '../../handset/calls/handset-calls.ts';
import { idAfter, nextQueries } from './handset-wire.ts';
import { reads } from './reads.ts';

const PREFIX = 'call_';

/** A call as the API shows it. */
export function callJson(call: HandsetCall) {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    id: PREFIX + call.id,
    to: call.to,
    from: call.from,
    anonymous: call.anonymous,
    state: call.state,
    transcript: call.transcript,
    started_at: time(call.startedAt),
    answered_at: time(call.answeredAt),
    ended_at: time(call.endedAt),
    keys: call.keys,
    outcome: call.end?.outcome ?? null,
    sip_status: call.end?.sipStatus ?? null,
    reason: call.end?.reason ?? null,
  };
}

/** The id behind `call_…`; null when the text is no such id. */
export function callId(text: string | undefined): string | null {
  return idAfter(PREFIX, text);
}

export const nextCallQuery = nextQueries(PREFIX, 'call');

const readKeys = reads(
  Type.Object(
    { digits: Type.String({ pattern: '^[0-9A-D*#]{1,32}$', must: 'be 1 to 32 of the keys 0-9, *, #, A-D' }) },
    { additionalProperties: false, must: 'be an object' },
  ),
);

/** The keys to be pressed. @throws PassbellError `invalid_request`. */
export function keysBody(body: unknown): string {
  return readKeys(body).digits;
}
