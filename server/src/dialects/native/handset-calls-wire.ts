import { Type } from '@sinclair/typebox';
import { PassbellError } from '../../errors.ts';
import type { HandsetCall } from '../../handset/calls/handset-calls.ts';
import { CALL, outcomeSchema, sipStatusSchema } from './call-json.ts';
import { answerObject, idAfter, idField, numberField, orNull, timeField } from './field-schemas.ts';
import { nextQueries } from './handset-wire.ts';
import { reads } from './reads.ts';

const id = idField(CALL, 'a call');
export const callParams = { id };

export const callSchema = answerObject('HandsetCall', {
  id,
  to: numberField,
  from: orNull(Type.String(), { description: 'Who calls; null where that is hidden, or the call names none.' }),
  anonymous: Type.Boolean({ description: 'Whether the caller hides.' }),
  state: Type.Union([Type.Literal('ringing'), Type.Literal('answered'), Type.Literal('ended')]),
  transcript: Type.String({ description: 'What was said so far, in words.', examples: ['Your code is 4, 9, 1, 7.'] }),
  started_at: timeField('When it began to ring.'),
  answered_at: orNull(timeField('When it was answered.')),
  ended_at: orNull(timeField('When it was over.')),
  keys: Type.String({ description: 'The keys pressed, in order.', examples: ['1'] }),
  outcome: outcomeSchema,
  sip_status: sipStatusSchema,
  reason: orNull(Type.String(), { description: 'The words for how it ended.' }),
});

/** A call as the API shows it. */
export function callJson(call: HandsetCall) {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    id: CALL + call.id,
    to: call.to,
    from: call.from,
    anonymous: call.anonymous,
    state: call.state,
    transcript: call.transcript,
    started_at: new Date(call.startedAt).toISOString(),
    answered_at: time(call.answeredAt),
    ended_at: time(call.endedAt),
    keys: call.keys,
    outcome: call.end?.outcome ?? null,
    sip_status: call.end?.sipStatus ?? null,
    reason: call.end?.reason ?? null,
  };
}

/** The id in a path. @throws {PassbellError} `not_found`: it is none. */
export function callOf(params: Readonly<Record<string, string>>): string {
  const id = idAfter(CALL, params['id']);
  if (id === null) throw new PassbellError('not_found', { what: 'call' });
  return id;
}

export const nextCallQuery = nextQueries(CALL, 'call');

/** The keys to be pressed. */
export const keysBody = reads(
  Type.Object(
    {
      digits: Type.String({
        pattern: '^[0-9A-D*#]{1,32}$',
        examples: ['1'],
        must: 'be 1 to 32 of the keys 0-9, *, #, A-D',
      }),
    },
    { additionalProperties: false, must: 'be an object' },
  ),
);
